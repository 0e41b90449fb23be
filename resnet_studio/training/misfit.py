"""What would fail on the device with words that nobody can read: images and labels that the network is not made for."""

from resnet_studio.analysis.findings import data_mismatch
from resnet_studio.data.images import ImageSet, Split
from resnet_studio.spec.errors import FieldError, StudioError
from resnet_studio.spec.network import NetworkSpec


def refuse_misfit(network: NetworkSpec, images: ImageSet) -> None:
    """Refuse images of another shape or with other classes than a network's, before a device sees any of them.

    Raises:
        FieldError: input shape or number of classes differ; names the field.
        StudioError: a label is out of range.
    """
    found = data_mismatch(network, images.shape, images.num_classes, images.title)
    if found is not None:
        mend = found.mend_label[0].lower() + found.mend_label[1:]
        raise FieldError(found.field, f"{network.name} doesn't fit the data: {found.message}; {mend}.")
    for name, split in (("training", images.train), ("validation", images.validation), ("test", images.test)):
        refuse_labels(split, name, images)


def refuse_labels(split: Split, name: str, images: ImageSet) -> None:
    """Refuse a split with a label that stands for no class.

    Raises:
        StudioError: names the first such image.
    """
    wrong = (split.labels < 0) | (split.labels >= images.num_classes)
    if wrong.any():
        place = int(wrong.argmax())
        which = split.names[place] if split.names else f"{name} image {place}"
        raise StudioError(
            f"{images.title}: {which} has the class {split.labels[place]}, but there are {images.num_classes}, counted "
            "from 0; correct its label."
        )
