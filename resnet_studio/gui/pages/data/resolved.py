"""What the open questions of the data were answered with."""

from resnet_studio.gui.session import Session
from resnet_studio.spec.data import DataSpec


def resolved(session: Session) -> DataSpec | None:
    """Return the data as they were loaded, None while those of another source are there, or none."""
    images = session.images
    return images.spec if images is not None and images.spec.source == session.experiment.data.source else None
