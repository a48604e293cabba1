"""A child that decodes spoilt pictures of every format and prints what became of them, and the memory that it took."""

import json
import random
import resource
import struct
import sys
import zlib

from gan_studio.engine.data.picture_file.endings import FORMATS
from tests.reliability.test_hostile_pictures import CONFIGS, decoded, seeds


def large_png(width: int, height: int, depth: int, colour: int) -> bytes:
    """Make a small PNG that unpacks to many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = 1 + (width * depth * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(row)) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def spoil(content: bytes, draw: random.Random) -> bytes:
    """Change, cut, double or put in some bytes."""
    spoilt = bytearray(content)
    for _ in range(draw.randint(1, 8)):
        place = draw.randrange(len(spoilt))
        match draw.randrange(4):
            case 0:
                spoilt[place] = draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)))
            case 1:
                spoilt[place : place + 4] = draw.choice(
                    (b"\xff" * 4, b"\x7f\xff\xff\xff", bytes(4), b"\x00\x00\xff\xff")
                )
            case 2:
                del spoilt[place + 1 :]
            case _:
                spoilt[place:place] = spoilt[place : place + draw.randint(1, 64)]
    return bytes(spoilt)


def main() -> None:
    """Decode as many of each format as the command line says."""
    draw, told = random.Random(7), {"decoded": 0, "refused": 0}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind in FORMATS:
        for _ in range(int(sys.argv[1])):
            content = spoil(draw.choice(seeds(kind)), draw)
            told["decoded" if decoded(content, draw.choice(CONFIGS)) else "refused"] += 1
    for width, height, depth, colour in ((8000, 7999, 8, 2), (13_000, 13_000, 8, 2), (30_000, 30_000, 1, 0)):
        content = large_png(width, height, depth, colour)
        told["decoded" if decoded(content, CONFIGS[1]) else "refused"] += 1
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**told, "bytes": (after - before) * 1024}))


if __name__ == "__main__":
    main()
