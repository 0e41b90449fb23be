"""The ledger's figures by preset, paper by paper; each was looked up where it says."""

from collections.abc import Iterator

from resnet_studio.spec.published import (
    ATHENA,
    D2L,
    EDIFICE,
    HE_2015,
    HE_2016,
    TORCHVISION,
    WIDE,
    XIE,
    Published,
    Quantity,
)

Row = tuple[str, Published]
"""Name of a preset, and one figure of it."""

MILLION, BILLION = 1e6, 1e9

UNPUBLISHED = {
    "digits_resnet8": "the studio's own design for the embedded digits: no paper has it",
    "athena_concat": "Athena offers concatenation, but its tutorial has no program with it",
}
"""Why a preset has no figure."""


def figures() -> dict[str, tuple[Published, ...]]:
    """Return the published figures of each preset that has any, by its name: its own source first."""
    ledger: dict[str, tuple[Published, ...]] = {}
    for source in (_torchvision, _he_2015, _he_2015_small, _he_2016, _xie, _wide, _libraries):
        for name, figure in source():
            ledger[name] = (*ledger.get(name, ()), figure)
    return ledger


def _percent(
    quantity: Quantity, value: float, source: str, note: str, where: str, precision: float = 0.01
) -> Published:
    return Published(quantity, value, source, note, where, precision)


def _torchvision() -> Iterator[Row]:
    """Yield what torchvision says of its first and second weights."""
    table: dict[str, tuple[int, float, tuple[float, ...]]] = {
        "resnet18": (11_689_512, 1.814, (69.758,)),
        "resnet34": (21_797_672, 3.664, (73.314,)),
        "resnet50": (25_557_032, 4.089, (76.130, 80.858)),
        "resnet101": (44_549_160, 7.801, (77.374, 81.886)),
        "resnet152": (60_192_808, 11.514, (78.312, 82.284)),
        "resnext50_32x4d": (25_028_904, 4.230, (77.618, 81.198)),
        "resnext101_32x8d": (88_791_336, 16.414, (79.312, 82.834)),
        "resnext101_64x4d": (83_455_272, 15.460, (83.246,)),
        "wide_resnet50_2": (68_883_240, 11.398, (78.468, 81.602)),
        "wide_resnet101_2": (126_886_696, 22.753, (78.848, 82.510)),
    }
    for name, (params, giga, accuracies) in table.items():
        yield name, Published("parameters", params, TORCHVISION)
        yield name, Published("mult_adds", round(giga * BILLION), TORCHVISION, "at 224×224", precision=0.001 * BILLION)
        for which, value in zip(("first", "second"), accuracies, strict=False):
            note = f"ImageNet, {which} weights, single crop"
            yield name, Published("top1_accuracy", value, TORCHVISION, note, precision=0.001)


def _he_2015() -> Iterator[Row]:
    """Yield tables 1 to 3 of He et al. 2015: ImageNet."""
    giga = {18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3}
    for depth, value in giga.items():
        note = "v1: stride on the 1×1" if depth >= 50 else "without projections"
        figure = Published("mult_adds", round(value * BILLION), HE_2015, note, "table 1", precision=0.1 * BILLION)
        yield f"resnet{depth}", figure
        if depth < 50:
            yield f"plain{depth}", Published("mult_adds", figure.value, HE_2015, "", "table 1", figure.precision)
    errors: tuple[tuple[str, str, str, float, float | None], ...] = (
        ("resnet18", "shortcut zero_pad", "table 2", 27.88, None),
        ("resnet34", "shortcut zero_pad", "table 3", 25.03, 7.76),
        ("resnet34", "shortcut projection", "table 3", 24.52, 7.46),
        ("resnet50", "shortcut projection", "table 3", 22.85, 6.71),
        ("resnet101", "shortcut projection", "table 3", 21.75, 6.05),
        ("resnet152", "shortcut projection", "table 3", 21.43, 5.71),
        ("plain18", "", "table 2", 27.94, None),
        ("plain34", "", "table 3", 28.54, 10.02),
    )
    for name, which, where, top1, top5 in errors:
        note = "ImageNet, 10-crop" + (f", {which}" if which else "")
        yield name, _percent("top1_error", top1, HE_2015, note, where)
        if top5 is not None:
            yield name, _percent("top5_error", top5, HE_2015, note, where)


def _he_2015_small() -> Iterator[Row]:
    """Yield table 6 and figure 6 of He et al. 2015: CIFAR-10."""
    table = {
        20: (0.27, 0.01, 8.75),
        32: (0.46, 0.01, 7.51),
        44: (0.66, 0.01, 7.17),
        56: (0.85, 0.01, 6.97),
        110: (1.7, 0.1, 6.43),
        1202: (19.4, 0.1, 7.93),
    }
    for depth, (millions, precision, error) in table.items():
        name, note = f"cifar_resnet{depth}", "CIFAR-10"
        if depth == 110:
            note = "CIFAR-10, best of 5 runs, 6.61 ± 0.16 in the mean"
        count = Published("parameters", round(millions * MILLION), HE_2015, "", "table 6", round(precision * MILLION))
        yield name, count
        yield name, _percent("top1_error", error, HE_2015, note, "table 6")
        if depth < 1202:
            twin = f"as ResNet-{depth}: option A has no parameters"
            yield (
                f"cifar_plain{depth}",
                Published("parameters", count.value, HE_2015, twin, "table 6 and section 4.2", count.precision),
            )
    above = Published("top1_error", 60, HE_2015, "CIFAR-10, not displayed", "figure 6", precision=1, above=True)
    yield "cifar_plain110", above


def _he_2016() -> Iterator[Row]:
    """Yield tables 3 and 4 of He et al. 2016: pre-activation."""
    yield "preact_resnet110", _percent("top1_error", 6.37, HE_2016, "CIFAR-10", "table 3")
    for depth, millions, note in ((164, 1.7, ""), (1001, 10.2, "as many as there are without the norms")):
        figure = Published("parameters", round(millions * MILLION), HE_2016, note, "table 4", 0.1 * MILLION)
        yield f"preact_resnet{depth}", figure
    yield "preact_resnet164", _percent("top1_error", 5.46, HE_2016, "CIFAR-10", "table 4")
    for batch, error, mean in ((64, 4.62, "4.69 ± 0.20"), (128, 4.92, "4.89 ± 0.14")):
        note = f"CIFAR-10, batch size {batch}, median of 5 runs, {mean} in the mean"
        yield "preact_resnet1001", _percent("top1_error", error, HE_2016, note, "table 4")


def _xie() -> Iterator[Row]:
    """Yield tables 1, 3 and 4 of Xie et al. 2017: ResNeXt, and the ResNets it was measured against."""
    for name, millions, giga in (("resnet50", 25.5, 4.1), ("resnext50_32x4d", 25.0, 4.2)):
        yield name, Published("parameters", round(millions * MILLION), XIE, "", "table 1", 0.1 * MILLION)
        yield name, Published("mult_adds", round(giga * BILLION), XIE, "", "table 1", 0.1 * BILLION)
    yield "resnet101", Published("mult_adds", round(7.8 * BILLION), XIE, "about", "table 3", 0.1 * BILLION)
    yield "resnext101_64x4d", Published("mult_adds", round(15 * BILLION), XIE, "about", "section 5.1", BILLION)
    errors: tuple[tuple[str, str, float, float | None], ...] = (
        ("resnet50", "table 3", 23.9, None),
        ("resnext50_32x4d", "table 3", 22.2, None),
        ("resnet101", "table 4", 22.0, 6.0),
        ("resnext101_64x4d", "table 4", 20.4, 5.3),
    )
    for name, where, top1, top5 in errors:
        note = "ImageNet, single crop"
        yield name, _percent("top1_error", top1, XIE, note, where, 0.1)
        if top5 is not None:
            yield name, _percent("top5_error", top5, XIE, note, where, 0.1)


def _wide() -> Iterator[Row]:
    """Yield what Zagoruyko and Komodakis 2016 publish of wide residual networks."""
    yield "wrn_16_4", _percent("top1_error", 5.02, WIDE, "CIFAR-10, median of 5 runs", "table 6")
    yield "wrn_28_10", Published("parameters", round(36.5 * MILLION), WIDE, "", "table 5", 0.1 * MILLION)
    yield "wrn_28_10", _percent("top1_error", 4.00, WIDE, "CIFAR-10, median of 5 runs", "table 5")
    yield "wide_resnet50_2", Published("parameters", round(68.9 * MILLION), WIDE, "", "table 8", 0.1 * MILLION)
    note = "ImageNet, single crop"
    yield "wide_resnet50_2", _percent("top1_error", 21.9, WIDE, note, "table 8", 0.1)
    yield "wide_resnet50_2", _percent("top5_error", 6.03, WIDE, note, "table 8")


def _libraries() -> Iterator[Row]:
    """Yield the counts of networks that books and libraries give as code."""
    edifice = {
        18: (11_694_312, 11),
        34: (21_806_184, 21),
        50: (25_583_592, 25),
        101: (44_601_832, 44),
        152: (60_268_520, 60),
    }
    counted = "counted from its code"
    yield "edifice_resnet18_cifar", Published("parameters", 11_186_442, EDIFICE, counted)
    for depth, (count, millions) in edifice.items():
        yield f"edifice_resnet{depth}", Published("parameters", count, EDIFICE, counted)
        about = Published("parameters", round(millions * MILLION), EDIFICE, "about", "Configurations", MILLION)
        yield f"edifice_resnet{depth}", about
    for name, count in (
        ("d2l_resnet18", 11_178_378),
        ("d2l_residual_block", 180),
        ("d2l_residual_block_down", 546),
        ("d2l_resnext_block", 2_912),
    ):
        yield name, Published("parameters", count, D2L, counted)
    for name, count in (
        ("athena_basic", 199_946),
        ("athena_resnet18", 11_684_840),
        ("athena_cifar_tutorial", 271_690),
        ("athena_cifar", 273_258),
    ):
        yield name, Published("parameters", count, ATHENA, counted)
