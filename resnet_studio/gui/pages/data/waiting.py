"""What stands in the place of the images while they are not there: one of four states of the loading."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from resnet_studio.gui.pages.data.download_view import DownloadView
from resnet_studio.gui.pages.data.panel.source_rows import SourceRows
from resnet_studio.gui.pages.data.states import LoadingView, TroubleView
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.empty_state import EmptyState


class Waiting(QStackedWidget):
    """On their way, to be downloaded first, not to be had, or not asked for yet."""

    def __init__(self, session: Session, source: SourceRows, parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            session: whose loading it follows when it is told to.
            source: asks for another folder or file.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._session, self._source = session, source
        loading = session.loading
        self._loading = LoadingView(loading.cancel)
        self._download = DownloadView(loading.download, loading.download_anew, source.choose)
        self._trouble = TroubleView(source.choose, loading.reload)
        self._empty = EmptyState(
            "The images will be here, with their labels.", "Load the images", loading.reload, name="view.no_images"
        )
        for state in (self._loading, self._download, self._trouble, self._empty):
            self.addWidget(state)

    def refresh(self) -> bool:
        """Show where the images stand; return whether they are to be waited for."""
        loading = self._session.loading
        # a source that is there at once replaces the images before without a flicker
        if loading.active and (loading.images is None or loading.progress is not None):
            self._loading.show_progress(loading.progress)
            self.setCurrentWidget(self._loading)
        elif loading.images is not None:
            return False
        elif loading.missing is not None:
            self._download.show_missing(loading.missing, loading.came)
            self.setCurrentWidget(self._download)
        elif loading.error:
            self._trouble.show_trouble(loading.error, self._source.choose_words())
            self.setCurrentWidget(self._trouble)
        else:
            self.setCurrentWidget(self._empty)
        return True
