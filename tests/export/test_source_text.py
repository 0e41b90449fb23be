import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.export.source_text import WIDTH, call, class_name, harmless


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("resnet50", "ResNet50"),
        ("wide_resnet50_2", "WideResNet50_2"),
        ("resnext101_32x8d", "ResNeXt101_32x8d"),
        ("wrn_28_10", "WRN28_10"),
        ("d2l_residual_block", "D2LResidualBlock"),
        ("My Net, second try", "MyNetSecondTry"),
        ("Größe", "Groe"),
        ("Café", "Cafe"),
        ("3d", "Network3d"),
        ("漢字", "Network"),
        ("none", "NoneNetwork"),
        ("class", "Class"),
        ("l", "LNetwork"),
        ("tensor", "TensorNetwork"),
        ('x"""; import os', "XImportOs"),
    ],
)
def test_a_class_is_named_after_the_design(name: str, expected: str) -> None:
    assert class_name(name, {"Tensor"}) == expected


@given(name=st.text(min_size=1, max_size=120))
def test_a_class_name_is_always_a_short_identifier(name: str) -> None:
    found = class_name(name, {"Tensor"})
    assert ast.parse(f"class {found}: pass")
    assert found.isascii()
    assert len(found) <= 67


@given(text=st.text(max_size=120).filter(str.isprintable), columns=st.integers(8, 80))
def test_text_in_a_docstring_stays_text(text: str, columns: int) -> None:
    inside = harmless(text, columns)
    assert len(inside) <= columns
    (statement,) = ast.parse(f'"""{inside}: a network."""').body
    assert isinstance(statement, ast.Expr)
    said = ast.literal_eval(statement.value).removesuffix(": a network.")
    wanted = text.strip().replace('"', "'")
    assert said == wanted or (said.endswith("…") and wanted.startswith(said[:-1]))


@pytest.mark.parametrize("count", [1, 10, 30])
def test_a_call_is_broken_where_a_line_is_too_short(count: int) -> None:
    arguments = [f"value_{number}" for number in range(count)]
    lines = call(4, "function(", arguments)
    assert len(lines) == {1: 1, 10: 3 + 8, 30: 2 + 30}[count] or max(map(len, lines)) <= WIDTH
    assert ast.unparse(ast.parse("if True:\n" + "\n".join(lines)).body[0]).endswith(f"function({', '.join(arguments)})")
