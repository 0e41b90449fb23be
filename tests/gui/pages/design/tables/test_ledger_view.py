"""The ledger beside the design: published figures, what departs from them, and what has none."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from resnet_studio.analysis.ledger import ledger
from resnet_studio.gui.pages.design.tables.tables import LEDGER, DesignTables
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.table_text import PLAIN_ROLE
from resnet_studio.spec.presets import entry

Show = Callable[..., None]


def texts(tables: DesignTables, column: int) -> list[str]:
    model = tables.ledger.table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def said(tables: DesignTables) -> str:
    label = tables.ledger.findChild(QLabel, "view.ledger.remarks")
    assert label is not None
    return label.text()


def test_published_figures_stand_beside_what_the_design_has(tables: DesignTables, session: Session) -> None:
    tables.tabs.setCurrentIndex(LEDGER)
    rows = ledger(session.analysis, entry("resnet50"))
    assert tables.ledger.table.isVisible()
    assert texts(tables, 0) == [row.quantity for row in rows]
    assert texts(tables, 1)[0] == "25,557,032"
    assert texts(tables, 2)[0] == "25,557,032"
    assert texts(tables, 3)[0] == "agrees"
    model = tables.ledger.table.model()
    assert model.index(0, 1).data(PLAIN_ROLE) == "25557032"
    assert model.headerData(3, Qt.Orientation.Horizontal, PLAIN_ROLE) == "agrees"


def test_an_edit_shows_how_the_design_departs(tables: DesignTables, session: Session) -> None:
    tables.tabs.setCurrentIndex(LEDGER)
    session.change("network.conv_bias", value=True)
    assert texts(tables, 3)[0] == "differs"
    assert "iases in the convolutions" in said(tables)


def test_a_design_of_ones_own_has_nothing_published(tables: DesignTables, session: Session) -> None:
    session.change("network.name", "mine")
    tables.tabs.setCurrentIndex(LEDGER)
    assert tables.ledger.table.isHidden()
    assert "A design of your own" in said(tables)


def test_the_studios_own_preset_says_so(tables: DesignTables, show: Show) -> None:
    tables.tabs.setCurrentIndex(LEDGER)
    show("digits_resnet8")
    empty = tables.ledger.currentWidget()
    assert empty is not None
    assert empty.objectName() == "view.ledger.empty" or "Nothing was published" in said(tables)


def test_the_ledger_is_copied_too(tables: DesignTables) -> None:
    tables.tabs.setCurrentIndex(LEDGER)
    text = tables.ledger.table.text(picked=False).written("csv")
    assert text.splitlines()[0] == "quantity,published,here,agrees,source,note"
