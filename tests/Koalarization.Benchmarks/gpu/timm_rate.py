"""Pictures a second of timm's inception_resnet_v2 on a GPU, as its users run it: eager in fp32, and channels-last under autocast."""

import time

import timm
import torch

SECONDS = 1.5


def rate(run, x):
    with torch.inference_mode():
        for _ in range(5):
            run(x)
        torch.cuda.synchronize()
        start, batches = time.time(), 0
        while time.time() - start < SECONDS:
            for _ in range(4):
                run(x)
            torch.cuda.synchronize()
            batches += 4
        return batches * len(x) / (time.time() - start)


def main():
    torch.backends.cudnn.benchmark = True
    network = timm.create_model("inception_resnet_v2", pretrained=False, num_classes=1001).eval().cuda()
    print(f"timm {timm.__version__}, torch {torch.__version__}, {torch.cuda.get_device_name()}")
    print(f"eager fp32 batch 128: {rate(network, torch.rand(128, 3, 299, 299, device='cuda')):.0f} pictures/s")
    network = network.to(memory_format=torch.channels_last)

    def amp(x):
        with torch.autocast("cuda", dtype=torch.float16):
            return network(x)

    for batch in (128, 256):
        x = torch.rand(batch, 3, 299, 299, device="cuda").to(memory_format=torch.channels_last)
        print(f"channels-last amp fp16 batch {batch}: {rate(amp, x):.0f} pictures/s")


main()
