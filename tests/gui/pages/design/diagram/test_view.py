"""The diagram in both directions: what it draws of an analysis, and what pointer and keys make of it."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsSimpleTextItem
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.network import analyse
from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.diagram.items import Shapes
from resnet_studio.gui.pages.design.diagram.layout import Box, Layout
from resnet_studio.gui.pages.design.diagram.scene import DiagramScene
from resnet_studio.gui.pages.design.diagram.view import Diagram
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets

SIZES = ((900, 390), (1540, 650))


@pytest.fixture
def diagram(qtbot: QtBot) -> Iterator[Diagram]:
    theme.apply(app(), "light")
    made = Diagram()
    qtbot.addWidget(made)
    made.picked.connect(made.select)  # as the page does by way of the session
    made.resize(*SIZES[0])
    made.show()
    qtbot.waitExposed(made)
    yield made
    theme.apply(app(), "light")


def app() -> QApplication:
    running = QApplication.instance()
    assert isinstance(running, QApplication)
    return running


def changed(name: str, **fields: Any) -> NetworkSpec:
    return NetworkSpec.model_validate(preset(name).model_dump() | fields)


BROKEN = changed("resnet18", shortcut="identity")


def drawn(diagram: Diagram) -> Layout:
    scene = diagram.scene()
    assert isinstance(scene, DiagramScene)
    assert scene.layout is not None
    return scene.layout


def words(diagram: Diagram) -> list[str]:
    return [item.text() for item in diagram.scene().items() if isinstance(item, QGraphicsSimpleTextItem)]


def shapes(diagram: Diagram, edge: str, *, dashed: bool | None = None) -> int:
    """Count the shapes of an ink."""
    inks = [item for item in diagram.scene().items() if isinstance(item, Shapes) and item.ink.edge == edge]
    return sum(len(item.shapes) for item in inks if dashed is None or bool(item.ink.dashes) == dashed)


def overlaps(diagram: Diagram) -> list[tuple[str, str]]:
    """Name the texts that meet, where they would be read."""
    texts = [
        (item.text(), item.sceneBoundingRect().adjusted(1, 1, -1, -1))
        for item in diagram.scene().items()
        if isinstance(item, QGraphicsSimpleTextItem)
    ]
    return [(a, b) for (a, first), (b, second) in combinations(texts, 2) if first.intersects(second)]


def outside(diagram: Diagram) -> list[str]:
    room = diagram.scene().sceneRect()
    items = [item for item in diagram.scene().items() if isinstance(item, QGraphicsSimpleTextItem)]
    return [item.text() for item in items if not room.contains(item.sceneBoundingRect())]


def box(diagram: Diagram, stage: int, block: int | None) -> Box:
    found = drawn(diagram).box_of(stage, block)
    assert found is not None
    return found


def click(qtbot: QtBot, diagram: Diagram, point: QPointF) -> None:
    qtbot.mouseClick(diagram.viewport(), Qt.MouseButton.LeftButton, pos=diagram.mapFromScene(point))


# ---- what is drawn


def test_names_for_tests_and_readers(diagram: Diagram) -> None:
    assert diagram.objectName() == "view.diagram"
    assert diagram.accessibleName() == "Diagram of the network"
    diagram.show_analysis(analyse(preset("resnet50")))
    diagram.select(3, 0)
    assert diagram.accessibleDescription().startswith("stage 3, block 1, bottleneck, projection, 512×28×28")


def test_every_stage_has_its_name_and_shape(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    for text in ("input", "3×224×224", "stem", "64×56×56", "stage 3 ×6", "1024×14×14", "stage 4 ×3", "head", "1000"):
        assert text in words(diagram)


def test_one_arc_for_each_skip_connection(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet18")))
    kinds = [skip.kind for skip in drawn(diagram).skips]
    assert len(kinds) == 8
    assert [index for index, kind in enumerate(kinds) if kind == "projection"] == [2, 4, 6]
    # each ribbon is an edge and its stripes
    assert (shapes(diagram, "blue"), shapes(diagram, "vermillion")) == (5, 6)


def test_zero_padding_is_dashed(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("cifar_resnet20")))
    assert (shapes(diagram, "blue", dashed=True), shapes(diagram, "blue", dashed=False)) == (2, 7)
    assert shapes(diagram, "vermillion") == 0


@pytest.mark.parametrize("name", ["plain18", "cifar_plain20"])
def test_a_plain_network_has_no_arcs(diagram: Diagram, name: str) -> None:
    diagram.show_analysis(analyse(preset(name)))
    assert drawn(diagram).skips == ()
    assert shapes(diagram, "blue") == shapes(diagram, "vermillion") == 0


def test_heights_and_widths_are_logarithms(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    stage3 = box(diagram, 3, 1).rect
    # 20 log2(14) - 28 and 4 log2(1024) - 16, with an edge of one pixel
    assert (stage3.height(), stage3.width() + 1) == (48, 24)
    assert box(diagram, 1, 0).rect.center().y() == stage3.center().y()


def test_the_inside_of_a_block(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    diagram.select(3, 0)
    found = words(diagram)
    for text in ("stage 3, block 1", "conv 3×3 /2", "589,824", "shortcut: projection", "conv 1×1 /2   524,288"):
        assert text in found
    assert "1,512,448 parameters     372.5 M mult-adds" in found
    assert found.count("256×14×14") == 1


def test_stem_head_and_stage_have_an_inside_too(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    diagram.select(0, None)
    assert {"conv 7×7 /2", "max-pool", "9,408"} <= set(words(diagram))
    diagram.select(5, None)
    assert {"average", "dense", "2,049,000"} <= set(words(diagram))
    diagram.select(3, None)
    assert {"block 1", "blocks 2 to 6", "1,117,184 each"} <= set(words(diagram))


def test_a_broken_design_shows_where_and_why(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(BROKEN))
    states = {(each.stage, each.block): each.state for each in drawn(diagram).boxes}
    assert states[1, 1] == "known"
    assert states[2, 0] == "faulty"
    assert {states[place] for place in [(2, 1), (3, 0), (4, 1), (5, None)]} == {"unknown"}
    found = words(diagram)  # shown although nothing is selected
    assert "the two paths meet with different shapes" in found
    assert {"64×56×56", "128×28×28", "28×28 or 56×56?"} <= set(found)
    assert found.count("unknown") == 4  # two stages, the head, what leaves the block
    assert shapes(diagram, "error") > 0


def test_a_fault_without_shapes_is_a_sentence(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(NetworkSpec(block_sizes=(2, 2), groups=4)))
    assert "Basic blocks have no groups: groups 4, width_per_group 64." in words(diagram)
    assert all(each.state == "unknown" for each in drawn(diagram).boxes[1:])


def test_what_stands_behind_a_fault_is_unknown(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(BROKEN))
    diagram.select(4, 1)
    assert "Unknown until stage 2, block 1 is mended." in words(diagram)


def test_an_edit_shows_and_a_selection_older_than_the_network_does_no_harm(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    diagram.select(3, 5)
    diagram.show_analysis(analyse(changed("resnet50", block_sizes=(3, 4, 2, 3), num_classes=None, stem=None)))
    assert "stage 3 ×2" in words(diagram)
    assert not {"stem", "head"} & set(words(diagram))
    diagram.select(0, None)
    diagram.select(5, None)
    diagram.select(9, 3)
    assert "Click a block to see its inside." in words(diagram)


# ---- long networks


def test_a_long_stage_folds_and_a_click_unfolds_it(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.resize(*SIZES[1])
    diagram.show_analysis(analyse(preset("cifar_resnet1202")))
    folded = [each for each in drawn(diagram).boxes if each.stage == 2 and each.count > 1]
    assert [each.count for each in folded] == [177]
    assert "× 177" in words(diagram)
    with qtbot.assertNotEmitted(diagram.picked):
        click(qtbot, diagram, folded[0].rect.center())
    stage2 = [each for each in drawn(diagram).boxes if each.stage == 2]
    assert [each.block for each in stage2] == list(range(200))
    assert diagram.viewport().rect().contains(diagram.mapFromScene(box(diagram, 2, 12).rect.center()))
    diagram.fit()
    assert sum(each.stage == 2 for each in drawn(diagram).boxes) == 24


def test_exactly_24_blocks_do_not_fold(diagram: Diagram) -> None:
    diagram.resize(*SIZES[1])
    for blocks, counts in ((24, {1}), (25, {1, 2})):
        diagram.show_analysis(analyse(changed("digits_resnet8", block_sizes=(blocks, 1, 1))))
        assert {each.count for each in drawn(diagram).boxes} == counts


def test_ten_thousand_blocks_unfold_in_parts(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.show_analysis(analyse(changed("digits_resnet8", block_sizes=(10_000, 1, 1))))
    click(qtbot, diagram, next(each for each in drawn(diagram).boxes if each.count > 1).rect.center())
    stage1 = [each for each in drawn(diagram).boxes if each.stage == 1]
    assert 400 < len(stage1) < 500
    assert sum(each.count for each in stage1) == 10_000


def test_a_selected_block_is_seen_where_its_neighbours_are_folded(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("cifar_resnet1202")))
    diagram.select(2, 100)
    assert box(diagram, 2, 100).count == 1
    assert "stage 2, block 101" in words(diagram)


@pytest.mark.parametrize("size", SIZES)
def test_no_label_meets_another_in_any_preset(diagram: Diagram, size: tuple[int, int]) -> None:
    diagram.resize(*size)
    for name, entry in presets().items():
        diagram.show_analysis(analyse(entry.network))
        for place in ((None, None), (0, None), (1, 0), (len(entry.network.block_sizes), None)):
            diagram.select(*place)
            assert overlaps(diagram) == [], (name, place)
            assert outside(diagram) == [], (name, place)
        scene = diagram.scene().sceneRect()
        assert (scene.width(), scene.height()) == size, name
        assert diagram.transform().m11() == 1, name


designs: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    block_type=st.sampled_from(["basic", "bottleneck"]),
    block_sizes=st.lists(st.sampled_from([1, 2, 5, 23, 24, 25, 60]), min_size=1, max_size=8),
    channels=st.sampled_from([1, 8, 64, 500]),
    input_shape=st.tuples(st.sampled_from([1, 3, 100]), st.sampled_from([1, 8, 512, 3000]), st.sampled_from([1, 32])),
    num_classes=st.sampled_from([None, 2, 1000, 1_000_000]),
    shortcut=st.sampled_from(["projection", "projection_all", "zero_pad", "identity", "none"]),
    merge=st.sampled_from(["add", "concat"]),
    preactivation=st.booleans(),
    norm=st.sampled_from(["batch", "none"]),
    activation=st.sampled_from(["relu", "leaky_relu"]),
    block_dropout=st.sampled_from([0.0, 0.5]),
    drop_path=st.sampled_from([0.0, 0.5]),
    groups=st.sampled_from([1, 1, 1, 32]),
    head=st.sampled_from(["global_avg", "max_flatten"]),
    stem=st.sampled_from([None, {"kernel_size": 3, "stride": 1, "pool": False}, {}]),
)


@given(design=designs, data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_label_meets_another_in_any_design(diagram: Diagram, design: dict[str, Any], data: st.DataObject) -> None:
    spec = NetworkSpec.model_validate(design)
    stage = data.draw(st.integers(0, len(spec.block_sizes) + 1))
    blocks = spec.block_sizes[stage - 1] if 0 < stage <= len(spec.block_sizes) else 0
    diagram.resize(*data.draw(st.sampled_from([*SIZES, (656, 330)])))
    diagram.show_analysis(analyse(spec))
    diagram.select(stage, data.draw(st.integers(0, blocks - 1)) if blocks else None)
    assert overlaps(diagram) == []
    assert outside(diagram) == []


def test_a_view_too_narrow_for_an_inside_shows_all_of_it_smaller(diagram: Diagram) -> None:
    spec = changed("preact_resnet164", activation="leaky_relu", block_dropout=0.5, drop_path=0.5, channels=8192)
    diagram.resize(500, 390)
    diagram.show_analysis(analyse(spec))
    diagram.select(2, 0)
    assert diagram.transform().m11() < 500 / 640
    assert outside(diagram) == []
    assert overlaps(diagram) == []


# ---- pointer and keys


def test_a_click_on_a_block_is_reported(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    for place in ((3, 0), (1, 2), (0, None), (5, None)):
        with qtbot.waitSignal(diagram.picked, timeout=1000) as picked:
            click(qtbot, diagram, box(diagram, *place).rect.center())
        assert picked.args == list(place)


def test_a_click_on_a_label_picks_the_stage_and_one_beside_the_row_nothing(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.show_analysis(analyse(preset("digits_resnet8")))
    column = drawn(diagram).column_of(2)
    assert column is not None
    with qtbot.waitSignal(diagram.picked, timeout=1000) as picked:
        click(qtbot, diagram, column.rect.topLeft() + QPointF(5, 5))
    assert picked.args == [2, None]
    with qtbot.waitSignal(diagram.picked, timeout=1000) as picked:
        click(qtbot, diagram, QPointF(3, 3))
    assert picked.args == [None, None]


def test_a_click_in_the_inside_of_a_stage_opens_a_block(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    diagram.select(3, None)
    later = next(
        item.sceneBoundingRect().center()
        for item in diagram.scene().items()
        if isinstance(item, QGraphicsSimpleTextItem) and item.text() == "blocks 2 to 6"
    )
    with qtbot.waitSignal(diagram.picked, timeout=1000) as picked:
        click(qtbot, diagram, later)
    assert picked.args == [3, 1]


def test_the_diagram_selects_nothing_by_itself(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.picked.disconnect(diagram.select)
    diagram.show_analysis(analyse(preset("resnet50")))
    click(qtbot, diagram, box(diagram, 3, 0).rect.center())
    assert "stage 3, block 1" not in words(diagram)


def test_keys_walk_through_the_network(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.show_analysis(analyse(preset("resnet18")))
    met: list[tuple[int | None, int | None]] = []
    diagram.picked.connect(lambda stage, block: met.append((stage, block)))
    keys = Qt.Key
    walk = [keys.Key_Right] * 4 + [keys.Key_Escape] * 2 + [keys.Key_Return, keys.Key_Down, keys.Key_Enter]
    walk += [keys.Key_End, keys.Key_Left, keys.Key_Up, keys.Key_Home]
    for key in walk:
        qtbot.keyClick(diagram, key)
    assert met == [
        *[(0, None), (1, 0), (1, 1), (2, 0)],
        *[(2, None), (None, None)],
        *[(0, None), (1, None), (1, 0)],
        *[(5, None), (4, 1), (3, 0), (0, None)],
    ]


def test_plus_minus_and_nought_zoom(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.show_analysis(analyse(preset("resnet18")))
    qtbot.keyClick(diagram, Qt.Key.Key_Plus)
    assert diagram.transform().m11() == pytest.approx(1.25)
    diagram.resize(700, 390)  # who has zoomed keeps the drawing as it is
    assert diagram.transform().m11() == pytest.approx(1.25)
    assert drawn(diagram).width == SIZES[0][0]
    qtbot.keyClick(diagram, Qt.Key.Key_Minus)
    assert diagram.transform().m11() == pytest.approx(1)
    qtbot.keyClick(diagram, Qt.Key.Key_0)
    assert drawn(diagram).width == 700


def test_zoom_has_bounds(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet18")))
    for _ in range(30):
        diagram.zoom_in()
    assert diagram.transform().m11() == pytest.approx(8)
    for _ in range(40):
        diagram.zoom_out()
    assert diagram.transform().m11() == pytest.approx(0.2)


@pytest.mark.parametrize(("control", "scale"), [(True, 1.25), (False, 1.0)])
def test_the_wheel_zooms_with_control_only(diagram: Diagram, control: bool, scale: float) -> None:
    diagram.show_analysis(analyse(preset("resnet18")))
    modifiers = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    here = QPointF(200, 100)
    event = QWheelEvent(
        here,
        diagram.viewport().mapToGlobal(here),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's argument
    )
    QApplication.sendEvent(diagram.viewport(), event)
    assert diagram.transform().m11() == pytest.approx(scale)


def test_two_fingers_zoom(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet18")))
    here = QPointF(200, 100)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        here,
        here,
        diagram.viewport().mapToGlobal(here),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(diagram.viewport(), event)
    assert diagram.transform().m11() == pytest.approx(1.5)


def test_a_drag_pans_and_picks_nothing(diagram: Diagram, qtbot: QtBot) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    for _ in range(4):
        diagram.zoom_in()
    bar = diagram.horizontalScrollBar()
    before, view = bar.value(), diagram.viewport()
    with qtbot.assertNotEmitted(diagram.picked):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 200))
        qtbot.mouseMove(view, QPoint(350, 200))
        qtbot.mouseMove(view, QPoint(300, 200))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert bar.value() == before + 100


def test_tooltips_have_the_numbers(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    lines = diagram.tip_at(diagram.mapFromScene(box(diagram, 3, 2).rect.center())).splitlines()
    assert lines == [
        "stage 3, block 3",
        "bottleneck, identity",
        "1024×14×14 → 1024×14×14",
        "1,117,184 parameters",
        "218.4 M mult-adds",
        "receptive field 171 px",
    ]
    diagram.select(3, 0)
    conv = next(
        item.sceneBoundingRect().center()
        for item in diagram.scene().items()
        if isinstance(item, QGraphicsSimpleTextItem) and item.text() == "conv 3×3 /2"
    )
    assert diagram.tip_at(diagram.mapFromScene(conv)).startswith("layer3.0.conv2\n256×28×28 → 256×14×14")
    assert diagram.tip_at(QPoint(2, 388)) == ""


def test_the_view_follows_its_size(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    for width, height in ((1540, 650), (700, 390), (900, 300)):
        diagram.resize(width, height)
        QApplication.processEvents()
        shown = diagram.mapFromScene(diagram.scene().sceneRect()).boundingRect()
        assert diagram.viewport().rect().adjusted(-1, -1, 1, 1).contains(shown)
        assert not diagram.horizontalScrollBar().maximum()


# ---- colours and files


def test_a_change_of_the_theme_repaints(diagram: Diagram) -> None:
    diagram.show_analysis(analyse(preset("resnet18")))
    light = diagram.grab().toImage()
    theme.apply(app(), "dark")
    dark = diagram.grab().toImage()
    assert light.pixelColor(2, 2).name() == theme.LIGHT.base.lower()
    assert dark.pixelColor(2, 2).name() == theme.DARK.base.lower()
    name = next(item for item in diagram.scene().items() if isinstance(item, QGraphicsSimpleTextItem))
    assert name.brush().color().name() in {theme.DARK.text.lower(), theme.DARK.muted.lower()}


def test_svg_has_the_labels_as_text(diagram: Diagram, tmp_path: Path) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    diagram.select(3, 0)
    diagram.save_svg(tmp_path / "a.svg")
    saved = (tmp_path / "a.svg").read_text("utf-8")
    for text in ("stage 3 ×6", "1024×14×14", "conv 3×3 /2", "589,824"):
        assert f">{text}" in saved
    assert set(re.findall(r'font-size="([\d.]+)"', saved)) >= {"10.5", "11"}
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]


def test_png_is_sharp_and_whole(diagram: Diagram, tmp_path: Path) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    diagram.zoom_in()
    diagram.save_png(tmp_path / "a.png", 2.0)
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (1800, 780)
    centre = box(diagram, 3, 2).rect.center()
    assert image.pixelColor(round(2 * centre.x()), round(2 * centre.y())).name() == theme.LIGHT.box_fill.lower()


def test_a_folder_that_is_not_there_is_named(diagram: Diagram, tmp_path: Path) -> None:
    diagram.show_analysis(analyse(preset("resnet50")))
    for save in (diagram.save_svg, diagram.save_png):
        with pytest.raises(StudioError, match="nowhere"):
            save(tmp_path / "nowhere" / "a")
    with pytest.raises(StudioError, match="too many"):
        diagram.save_png(tmp_path / "a.png", 50.0)
    assert list(tmp_path.iterdir()) == []


def test_what_the_pointer_rests_on_has_an_edge_but_not_in_a_file(
    diagram: Diagram, qtbot: QtBot, tmp_path: Path
) -> None:
    diagram.show_analysis(analyse(preset("resnet18")))
    items = len(diagram.scene().items())
    qtbot.mouseMove(diagram.viewport(), diagram.mapFromScene(box(diagram, 2, 1).rect.center()))
    assert len(diagram.scene().items()) == items + 1
    assert diagram.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    diagram.save_svg(tmp_path / "a.svg")
    assert len(diagram.scene().items()) == items


def test_boxes_stand_apart(diagram: Diagram) -> None:
    for name in ("resnet152", "preact_resnet1001", "wrn_28_10"):
        diagram.show_analysis(analyse(preset(name)))
        rects: list[QRectF] = [each.rect for each in drawn(diagram).boxes]
        assert all(left.right() < right.left() for left, right in pairwise(rects))
