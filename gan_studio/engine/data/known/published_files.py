"""The published files of known sets: names, sizes, MD5 sums and mirrors, the same as in torchvision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Part = Literal["train", "held-out"]
"""The two parts of a published set; the second is its test set, which a run never trains on."""


@dataclass(frozen=True)
class PublishedFile:
    """One published file: its name, its MD5 in hexadecimal and its size in bytes."""

    name: str
    md5: str
    size: int


@dataclass(frozen=True)
class IdxSet:
    """A data set in the IDX format of MNIST: one file of pictures and one of labels for each part.

    Attributes:
        folders: subfolders that may hold its files, below a folder of data sets; downloads go into the first.
        mirrors: URLs of folders, tried in turn.
        files: the gzipped files of pictures and labels, by part.
        counts: number of pictures, by part.
        side: height and width of a picture in pixels.
    """

    folders: tuple[str, ...]
    mirrors: tuple[str, ...]
    files: Mapping[Part, tuple[PublishedFile, PublishedFile]]
    counts: Mapping[Part, int]
    side: int = 28


@dataclass(frozen=True)
class CifarSet:
    """CIFAR-10: batches of equal size, in an archive of binary records or in one of Python pickles.

    Attributes:
        mirrors: URLs of folders, tried in turn.
        binary, python: the two archives.
        batches: the pickles, by part; files of binary records have the same names with the suffix ".bin".
        per_batch: number of pictures in a batch.
    """

    mirrors: tuple[str, ...]
    binary: PublishedFile
    python: PublishedFile
    batches: Mapping[Part, tuple[PublishedFile, ...]]
    per_batch: int = 10_000


PublishedSet = IdxSet | CifarSet

PUBLISHED: Mapping[str, PublishedSet] = {
    "torchvision:mnist": IdxSet(
        ("MNIST/raw", "mnist"),
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"),
        {
            "train": (
                PublishedFile("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422),
                PublishedFile("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432", 28_881),
            ),
            "held-out": (
                PublishedFile("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3", 1_648_877),
                PublishedFile("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c", 4_542),
            ),
        },
        {"train": 60_000, "held-out": 10_000},
    ),
    "torchvision:fashion-mnist": IdxSet(
        ("FashionMNIST/raw", "fashion-mnist"),
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        {
            "train": (
                PublishedFile("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
                PublishedFile("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe", 29_515),
            ),
            "held-out": (
                PublishedFile("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79", 4_422_102),
                PublishedFile("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310", 5_148),
            ),
        },
        {"train": 60_000, "held-out": 10_000},
    ),
    "torchvision:cifar10": CifarSet(
        ("https://www.cs.toronto.edu/~kriz/",),
        # torchvision downloads the pickles. The binary records and their MD5 are published on the same page.
        PublishedFile("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530", 170_052_171),
        PublishedFile("cifar-10-python.tar.gz", "c58f30108f718f92721af3b95e74349a", 170_498_071),
        {
            "train": (
                PublishedFile("data_batch_1", "c99cafc152244af753f735de768cd75f", 31_035_704),
                PublishedFile("data_batch_2", "d4bba439e000b95fd0a9bffe97cbabec", 31_035_320),
                PublishedFile("data_batch_3", "54ebc095f3ab1f0389bbae665268c751", 31_035_999),
                PublishedFile("data_batch_4", "634d18415352ddfa80567beed471001a", 31_035_696),
                PublishedFile("data_batch_5", "482c414d41f54cd18b22e5b47cb7c3cb", 31_035_623),
            ),
            "held-out": (PublishedFile("test_batch", "40351d587109b95175f43aff81a1287e", 31_035_526),),
        },
    ),
}
"""The data sets that can be downloaded, by their name as a source."""
