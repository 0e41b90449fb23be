"""A table as text: TSV, CSV, Markdown, LaTeX."""

import csv
import io

from resnet_studio.gui.widgets.table_text import TableText

TEXT = TableText(
    ("stage", "output C×H×W", "share %", "Δ parameters"),
    (("stage_1 & co", "64×56×56", "27.8", "−18,992,128"), ("a|b", "1000", "?", "0")),
    ("stage", "output CxHxW", "share of parameters %", "difference of parameters"),
    (('stage_1, "co"', "64x56x56", "27.7763", "-18992128"), ("a|b", "1000", "", "0")),
    (True, False, False, False),
)


def test_tab_separated_text_holds_bare_numbers() -> None:
    assert TEXT.written("tsv").splitlines()[0] == (
        "stage\toutput CxHxW\tshare of parameters %\tdifference of parameters"
    )
    assert TEXT.written("tsv").splitlines()[2] == "a|b\t1000\t\t0"


def test_csv_is_read_back_as_it_was() -> None:
    assert list(csv.reader(io.StringIO(TEXT.written("csv")))) == [
        list(line) for line in (TEXT.plain_heads, *TEXT.plain_rows)
    ]


def test_markdown_holds_what_is_shown_with_its_bars_escaped() -> None:
    assert TEXT.written("markdown").splitlines() == [
        "| stage | output C×H×W | share % | Δ parameters |",
        "| --- | ---: | ---: | ---: |",
        "| stage_1 & co | 64×56×56 | 27.8 | −18,992,128 |",
        "| a\\|b | 1000 | ? | 0 |",
    ]


def test_latex_is_a_booktabs_table_with_its_signs_escaped() -> None:
    assert TEXT.written("latex").splitlines() == [
        "% \\usepackage{booktabs}",
        "\\begin{tabular}{lrrr}",
        "  \\toprule",
        "  stage & output C$\\times$H$\\times$W & share \\% & $\\Delta$ parameters \\\\",
        "  \\midrule",
        "  stage\\_1 \\& co & 64$\\times$56$\\times$56 & 27.8 & $-$18,992,128 \\\\",
        "  a|b & 1000 & ? & 0 \\\\",
        "  \\bottomrule",
        "\\end{tabular}",
    ]
