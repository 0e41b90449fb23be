"""Where the data sets of the catalogue are on the web, and what becomes of their files in torchvision's layout.

Addresses and checksums are torchvision's, a test compares them; where a second address of the same file is known, it
stands behind. Sizes are what the servers say (Content-Length), so that the room that is needed is known before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class Remote:
    """A file on the web."""

    file: str
    mirrors: tuple[str, ...]
    """The folders on the web that have it, each with a slash at its end; they are tried in this order."""
    md5: str
    size: int
    """In bytes."""
    folder: str
    """Where it is laid down, relative to the root of all data sets."""
    gives: Mapping[str, str]
    """What is read in the end, relative to the root, and its md5 checksum; empty where that isn't known."""
    unpacked: int = 0
    """Bytes of what is taken out of it; 0: it is read as it is."""

    @property
    def urls(self) -> tuple[str, ...]:
        """Its addresses."""
        return tuple(mirror + self.file for mirror in self.mirrors)

    @property
    def is_archive(self) -> bool:
        """Whether it packs several files, which are read unpacked only."""
        return self.file.endswith((".tar.gz", ".tgz"))

    def packed(self, root: Path) -> Path:
        """Return where it is laid down, below a root."""
        return root / self.folder / self.file

    def is_there(self, root: Path) -> bool:
        """Whether all that it gives stands below a root, or it itself does, laid there by whomever."""
        return self.is_unpacked(root) or self.packed(root).is_file()

    def is_unpacked(self, root: Path) -> bool:
        """Whether all that it gives stands below a root."""
        return all((root / path).exists() for path in self.gives)


_IDX = {
    "train-images-idx3-ubyte": 47_040_016,
    "train-labels-idx1-ubyte": 60_008,
    "t10k-images-idx3-ubyte": 7_840_016,
    "t10k-labels-idx1-ubyte": 10_008,
}
"""The files of MNIST, and of the sets made in its likeness, with their bytes."""


def _idx(folder: str, mirrors: tuple[str, ...], *packed: tuple[str, int]) -> tuple[Remote, ...]:
    """Return the four files of such a set, of which each is packed: its md5 and its bytes, in their order."""
    folder = f"{folder}/raw"
    return tuple(
        Remote(f"{file}.gz", mirrors, md5, size, folder, {f"{folder}/{file}": ""}, unpacked)
        for (file, unpacked), (md5, size) in zip(_IDX.items(), packed, strict=True)
    )


def _plain(file: str, mirrors: tuple[str, ...], md5: str, size: int, folder: str = "") -> Remote:
    """Return a file that is read as it is."""
    return Remote(file, mirrors, md5, size, folder, {str(PurePosixPath(folder, file)): md5})


def _below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    return {f"{folder}/{file}": md5 for file, md5 in files.items()}


_FLOWERS = ("https://www.robots.ox.ac.uk/~vgg/data/flowers/102/",)
_SVHN = ("http://ufldl.stanford.edu/housenumbers/",)

REMOTES: Mapping[str, tuple[Remote, ...]] = {
    "mnist": _idx(
        "MNIST",
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "http://yann.lecun.com/exdb/mnist/",
        ),
        ("f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422),
        ("d53e105ee54ea40749a09fcbcd1e9432", 28_881),
        ("9fb629c4189551a2d022fa330f9573f3", 1_648_877),
        ("ec29112dd5afa0611ce80d1b7f02629c", 4_542),
    ),
    "fashion-mnist": _idx(
        "FashionMNIST",
        (
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ),
        ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
        ("25c81989df183df01b3e8a0aad5dffbe", 29_515),
        ("bef4ecab320f06d8554ea6380940ec79", 4_422_102),
        ("bb300cfdad3c16e7a12a480ee83cd310", 5_148),
    ),
    "kmnist": _idx(
        "KMNIST",
        ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
        ("bdb82020997e1d708af4cf47b453dcf7", 18_165_135),
        ("e144d726b3acfaa3e44228e80efcd344", 29_497),
        ("5c965bf0a639b31b8f53240b1b52f4d7", 3_041_136),
        ("7320c461ea6c1c855c0b718fb2a4b134", 5_120),
    ),
    "cifar10": (
        Remote(
            "cifar-10-python.tar.gz",
            ("https://www.cs.toronto.edu/~kriz/",),
            "c58f30108f718f92721af3b95e74349a",
            170_498_071,
            "",
            _below(
                "cifar-10-batches-py",
                {
                    "data_batch_1": "c99cafc152244af753f735de768cd75f",
                    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
                    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
                    "data_batch_4": "634d18415352ddfa80567beed471001a",
                    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
                    "test_batch": "40351d587109b95175f43aff81a1287e",
                    "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
                },
            ),
            186_220_000,
        ),
    ),
    "cifar100": (
        Remote(
            "cifar-100-python.tar.gz",
            ("https://www.cs.toronto.edu/~kriz/",),
            "eb9058c3a382ffc7106e4002c42a8d85",
            169_001_437,
            "",
            _below(
                "cifar-100-python",
                {
                    "train": "16019d7e3df5f24257cddd939b257f8d",
                    "test": "f0ef6b0ae62326f3e7ffdfab6717acfc",
                    "meta": "7973b15100ade9c7d40fb424638fde48",
                },
            ),
            186_310_000,
        ),
    ),
    "svhn": (
        _plain("train_32x32.mat", _SVHN, "e26dedcc434d2e4c54c9b2d4a06d8373", 182_040_794),
        _plain("test_32x32.mat", _SVHN, "eb5a983be6a315427106f1b164d9cef3", 64_275_384),
    ),
    "stl10": (
        Remote(
            "stl10_binary.tar.gz",
            ("http://ai.stanford.edu/~acoates/stl10/", "https://cs.stanford.edu/~acoates/stl10/"),
            "91f7769df0f17e558f3565bffb0c7dfb",
            2_640_397_119,
            "",
            # not the 100,000 images without a label, 2.8 GB, of which nothing can be learned here
            _below(
                "stl10_binary",
                {
                    "train_X.bin": "918c2871b30a85fa023e0c44e0bee87f",
                    "train_y.bin": "5a34089d4802c674881badbb80307741",
                    "test_X.bin": "7f263ba9f9e0b06b93213547f721ac82",
                    "test_y.bin": "36f9794fa4beb8a2c72628de14fa638e",
                },
            ),
            359_437_000,
        ),
    ),
    "flowers102": (
        Remote(
            "102flowers.tgz",
            _FLOWERS,
            "52808999861908f626f3c1f4e79d11fa",
            344_862_509,
            "flowers-102",
            {"flowers-102/jpg": ""},
            # photographs don't get smaller when they are packed
            350_000_000,
        ),
        _plain("imagelabels.mat", _FLOWERS, "e0620be6f572b9609742df49c70aed4d", 502, "flowers-102"),
        _plain("setid.mat", _FLOWERS, "a5357ecc9cb78c4bef273ce3793fc85c", 14_989, "flowers-102"),
    ),
}
"""The files of every data set of the catalogue that isn't part of the program; those of one set share a folder."""
