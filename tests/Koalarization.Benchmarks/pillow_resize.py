"""What `Koalarization.Benchmarks resize FOLDER` does, by Pillow on one thread: decode, fit into 299x299, encode.

usage: /usr/bin/python3 pillow_resize.py FOLDER [PASSES]
"""

import io
import math
import os
import statistics
import sys
import time

import PIL
from PIL import Image

WIDTH, HEIGHT = 299, 299


def resize(jpeg):
    picture = Image.open(io.BytesIO(jpeg))
    factor = min(WIDTH / picture.width, HEIGHT / picture.height)
    if factor > 1:
        picture = picture.resize((int(picture.width * factor), int(picture.height * factor)), Image.NEAREST)
    width, height = picture.size
    if width > WIDTH:
        width, height = WIDTH, int(max(height * WIDTH / width, 1))
    if height > HEIGHT:
        width, height = int(max(width * HEIGHT / height, 1)), HEIGHT
    picture = picture.resize((width, height), Image.LANCZOS)
    framed = Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255))
    framed.paste(picture.convert("RGB"), (math.ceil((WIDTH - width) / 2), math.ceil((HEIGHT - height) / 2)))
    encoded = io.BytesIO()
    framed.save(encoded, "JPEG")
    return encoded.getvalue()


def one_pass(pictures):
    seconds = []
    for jpeg in pictures:
        start = time.perf_counter()
        resize(jpeg)
        seconds.append(time.perf_counter() - start)
    return seconds


def main():
    folder = sys.argv[1]
    passes = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    names = sorted(name for name in os.listdir(folder) if name.endswith((".jpeg", ".jpg")))
    pictures = [open(os.path.join(folder, name), "rb").read() for name in names]
    one_pass(pictures)
    seconds = [one_pass(pictures) for _ in range(passes)]
    best = sum(min(picture) for picture in zip(*seconds))
    median = statistics.median(sum(one) for one in seconds)
    print(
        f"Pillow {PIL.__version__}: {len(pictures)} pictures, {passes} passes, "
        f"img/s best {len(pictures) / best:.1f} median {len(pictures) / median:.1f}"
    )


if __name__ == "__main__":
    main()
