"""What the open questions of the data were answered with."""

from resnet_studio.data.augment import suited
from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.images import ImageSet
from resnet_studio.gui.session import Session
from resnet_studio.spec.data import AugmentSpec, DataSpec


def resolved(session: Session) -> DataSpec | None:
    """Return the data as they were loaded, None while those of another source are there, or none."""
    images = session.loading.of_wanted
    return images.spec if images is not None else None


def suits(session: Session) -> AugmentSpec | None:
    """Return the augmentation with every open question answered, None where nobody knows the source yet.

    What suits a data set of the catalogue is known before its images are there.
    """
    found, data = resolved(session), session.experiment.data
    if found is not None:
        return found.augment
    entry = ENTRIES.get(data.source)
    size = data.image_size or ((entry.side, entry.side) if entry is not None and entry.side else None)
    return suited(data.augment, entry, size) if entry is not None and size is not None else None


def as_wanted(session: Session, *fields: str) -> ImageSet | None:
    """Return the images where they were loaded with the fields that are wanted now, None until they are.

    Args:
        session: what is wanted and what is there.
        fields: of the data; one that is left open agrees with every answer.
    """
    found, wanted = resolved(session), session.experiment.data
    agree = found is not None and all(getattr(wanted, field) in (None, getattr(found, field)) for field in fields)
    return session.images if agree else None
