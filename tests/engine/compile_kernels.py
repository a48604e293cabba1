"""Compile every Triton program for two kinds of device, on a machine that has none.

`python -m tests.engine.compile_kernels`. Prints a line for each; raises what Triton's compiler or ptxas raises.
"""

from triton import compile as compile_program
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from gan_studio.engine.kernels import triton_kernels

PROGRAMS = (
    (triton_kernels.sum_rows, {"IS_BACK": False, "BR": 256, "BC": 64}, 16),
    (triton_kernels.sum_rows, {"IS_BACK": True, "BR": 64, "BC": 64}, 4),
    (triton_kernels.normalise, {"BATCHES": 2, "PARTS": 128, "BR": 256, "BC": 64}, 16),
    (triton_kernels.send_back, {"BATCHES": 2, "PARTS": 16, "BR": 128, "BC": 64}, 8),
    (triton_kernels.move_blocks, {"TO_BLOCKS": True, "IS_LONG": False, "SIZE": 1024}, 4),
    (triton_kernels.move_blocks, {"TO_BLOCKS": False, "IS_LONG": True, "SIZE": 1024}, 4),
)
CAPABILITIES = (80, 90)


def kind_of(name: str, numbers: str, constants: dict[str, object]) -> str:
    """Name the kind of an argument as Triton does."""
    if name in constants:
        return "constexpr"
    if name.endswith("_map") or name in ("picture", "blocks"):
        return f"*{numbers}"
    if name.endswith("_of") or name == "sums":
        return "*i64" if name == "seen_of" else "*fp32"
    return "fp32" if name in ("slope", "eps", "momentum") else "i32"


def main() -> None:
    """Compile them all."""
    for program, constants, warps in PROGRAMS:
        for numbers in ("fp32", "bf16"):
            signature = {name: kind_of(name, numbers, constants) for name in program.arg_names}
            for capability in CAPABILITIES:
                source = ASTSource(program, signature, constexprs=constants)
                found = compile_program(source, GPUTarget("cuda", capability, 32), options={"num_warps": warps})
                print(program.__name__, numbers, f"sm_{capability}", len(found.asm["cubin"]), "bytes")


if __name__ == "__main__":
    main()
