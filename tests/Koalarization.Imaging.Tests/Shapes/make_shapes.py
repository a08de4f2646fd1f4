"""Makes the JPEGs in this folder and expected.csv: SHA-256 of what Pillow makes of each at 299x299 and at 320x200.

Needs Pillow and libjpeg-turbo's cjpeg. Pillow after 5.0 turns CMYK to RGB in another way than the 4.3 of the original pipeline;
that one step is written out here as 4.3 does it (255 - C - K, not below 0).
"""

import hashlib
import io
import math
import os
import random
import subprocess
import sys

from PIL import Image, ImageChops

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "..", "..", "golden", "pictures")
SHAPES = [
    ("row_900x1_420", 900, 1, ["-sample", "2x2"]),
    ("column_1x700_gray", 1, 700, "L"),
    ("strip_1500x9_440", 1500, 9, ["-sample", "1x2"]),
    ("strip_7x1400_422", 7, 1400, ["-sample", "2x1"]),
    ("tiny_2x3_420", 2, 3, ["-sample", "2x2"]),
    ("odd_37x53_410", 37, 53, ["-sample", "4x2"]),
    ("odd_301x31_411_restart", 301, 31, ["-sample", "4x1", "-restart", "1B"]),
    ("wide_600x24_420_restart", 600, 24, ["-sample", "2x2", "-restart", "1"]),
    ("gray_320x11_restart", 320, 11, ["-grayscale", "-restart", "2B"]),
    ("gray_450x20_progressive", 450, 20, ["-grayscale", "-progressive"]),
    ("rgb_320x20", 320, 20, ["-rgb"]),
    ("cmyk_333x17", 333, 17, "CMYK"),
    ("cmyk_noise_310x12", 310, 12, "CMYK noise"),
    ("cmyk_40x30_enlarged", 40, 30, "CMYK"),
    ("ycck_20x400", 20, 400, "YCCK"),
    ("exact_299x299_444_q5", 299, 299, ["-sample", "1x1", "-quality", "5"]),
    ("one_less_298x20_444", 298, 20, ["-sample", "1x1"]),
]


def source(width, height, number):
    if number % 2:
        values = random.Random(number)
        return Image.frombytes("RGB", (width, height), bytes(values.choice((0, 255, values.randrange(256))) for _ in range(3 * width * height)))
    return Image.open(os.path.join(GOLDEN, "coffee_500x375.jpeg")).resize((width, height), Image.BICUBIC)


def jpeg(picture, coding):
    if isinstance(coding, list):
        ppm = io.BytesIO()
        picture.save(ppm, "PPM")
        return subprocess.run(["cjpeg", "-quality", "60", *coding], input=ppm.getvalue(), stdout=subprocess.PIPE, check=True).stdout
    encoded = io.BytesIO()
    if coding == "CMYK noise":
        red, green, blue = picture.split()
        inks = Image.merge("CMYK", [red, green, blue, red.transpose(Image.FLIP_LEFT_RIGHT)])
    else:
        inks = picture.convert("L" if coding == "L" else "CMYK")
    inks.save(encoded, "JPEG", quality=60)
    data = bytearray(encoded.getvalue())
    if coding == "YCCK":
        data[data.index(b"Adobe") + 11] = 2
    return bytes(data)


def resized(data, target):
    picture = Image.open(io.BytesIO(data))
    factor = min(target[0] / picture.width, target[1] / picture.height)
    if factor > 1:
        picture = picture.resize((int(picture.width * factor), int(picture.height * factor)), Image.NEAREST)
    width, height = picture.size
    if width > target[0]:
        width, height = target[0], int(max(height * target[0] / width, 1))
    if height > target[1]:
        width, height = int(max(width * target[1] / height, 1)), target[1]
    if (width, height) != picture.size:
        picture = picture.resize((width, height), Image.LANCZOS)
    if picture.mode == "CMYK":
        *inks, black = picture.split()
        picture = Image.merge("RGB", [ImageChops.subtract(ImageChops.invert(ink), black) for ink in inks])
    framed = Image.new("RGB", target, (255, 255, 255))
    framed.paste(picture.convert("RGB"), (math.ceil((target[0] - width) / 2), math.ceil((target[1] - height) / 2)))
    return framed


def main():
    rows = ["picture,sha256_of_299x299_pixels,sha256_of_299x299_file,sha256_of_320x200_pixels,sha256_of_320x200_file"]
    for number, (name, width, height, coding) in enumerate(SHAPES):
        data = jpeg(source(width, height, number), coding)
        with open(os.path.join(HERE, name + ".jpeg"), "wb") as file:
            file.write(data)
        hashes = []
        for target in ((299, 299), (320, 200)):
            framed = resized(data, target)
            file = io.BytesIO()
            framed.save(file, "JPEG")
            hashes += [hashlib.sha256(framed.tobytes()).hexdigest(), hashlib.sha256(file.getvalue()).hexdigest()]
        rows.append(",".join([name, *hashes]))
    with open(os.path.join(HERE, "expected.csv"), "w", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    sys.exit(main())
