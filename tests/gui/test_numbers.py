"""How numbers stand on the screen."""

import pytest

from resnet_studio.gui import numbers


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (numbers.count(25_557_032), "25,557,032"),
        (numbers.count(-18_992_128), "−18,992,128"),
        (numbers.mega(1_027_604_480), "1,027.6"),
        (numbers.mega(36_864), "0.037"),
        (numbers.mega(0), "0.0"),
        (numbers.giga(4_089_184_256), "4.089 G"),
        (numbers.giga(763_520), "0.76 M"),
        (numbers.memory(102_228_128), "97.5 MiB"),
        (numbers.memory(1_438_814_208), "1.34 GiB"),
        (numbers.mib(4_096), "0.00"),
        (numbers.mib(0), "0.0"),
        (numbers.difference(-18_992_128, numbers.count), "−18,992,128"),
        (numbers.difference(73_984, numbers.mega), "+0.074"),
        (numbers.difference(0, numbers.mib), "0"),
        (numbers.shape((512, 28, 28)), "512×28×28"),
        (numbers.prose("main path 128x28x28, a 3x3 kernel, box"), "main path 128×28×28, a 3×3 kernel, box"),
        (numbers.percent(0.9341), "93.41"),
        (numbers.duration(61), "1:01"),
        (numbers.duration(7500), "2:05:00"),
    ],
)
def test_numbers(shown: str, wanted: str) -> None:
    assert shown == wanted
