"""The window: the only room that knows Qt."""

# Before PySide6: from 6.11.3 on it looks into the source of each module that is imported after it, and pydantic's
# modules, which are made when they are first asked for, break under that look.
import resnet_studio.runs.checkpoints
import resnet_studio.runs.events
import resnet_studio.spec.experiment  # noqa: F401
