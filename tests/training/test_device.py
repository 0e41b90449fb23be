import pytest
import torch

from resnet_studio.spec.errors import FieldError
from resnet_studio.training import device as device_module
from resnet_studio.training.device import devices, no_gpu_reason, resolve

no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch can use")


def test_there_is_always_a_cpu_and_it_comes_last() -> None:
    cpu = devices()[-1]
    assert (cpu.name, cpu.kind, cpu.torch) == ("cpu", "cpu", torch.device("cpu"))
    assert cpu.memory is None or cpu.memory > 2**28
    assert cpu.title


def test_auto_takes_the_first() -> None:
    assert resolve("auto") == devices()[0]
    assert resolve("cpu") == devices()[-1]


@no_gpu
@pytest.mark.parametrize("wanted", ["cuda", "cuda:0", "cuda:3"])
def test_a_gpu_that_is_not_there_is_refused_with_what_is(wanted: str) -> None:
    with pytest.raises(FieldError, match=rf"there is no {wanted} here \(.+\); choose cpu or auto\.") as caught:
        resolve(wanted)
    assert caught.value.path == "training.device"
    assert no_gpu_reason()


@gpu
def test_the_gpu_is_chosen_and_described() -> None:
    device = resolve("cuda")
    assert device == resolve("auto") == resolve("cuda:0")
    assert device.memory is not None
    assert device.bf16 == (torch.cuda.get_device_capability(0) >= (8, 0))
    assert no_gpu_reason() is None


@gpu
def test_a_gpu_of_a_number_too_high_is_refused() -> None:
    with pytest.raises(FieldError, match="there is no cuda:99 here; choose cuda:0"):
        resolve("cuda:99")


@pytest.mark.parametrize(
    ("known", "bf16"),
    [({"avx512_bf16": True}, True), ({"amx_bf16": True}, True), ({"avx512_f": True, "avx512_bf16": False}, False)],
)
def test_a_cpu_is_made_for_bf16_where_it_multiplies_it(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, bool], bf16: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: known)
    monkeypatch.setattr(device_module, "_cpu", device_module._cpu.__wrapped__)
    assert resolve("cpu").bf16 is bf16
