"""Libraries and programs: built by Cargo for each platform, and checked.

Debian's Rust builds the standard library from its sources (`-Zbuild-std`), because Debian has it
compiled for few platforms. Linkers: zig's for Linux, because it knows the symbols of old glibcs;
MinGW's for Windows (zig's exports 7,000 symbols); LLVM's for macOS (zig's ignores the list of
exports), with zig's description of the system's library.
"""

import hashlib
import re
import shutil
import sysconfig

from shell import VENV, Failed, run
from targets import GLIBC, MACOS, ROOT, Target

CARGO_TARGET = ROOT / "target" / "dist"
SDK = CARGO_TARGET / "macos-sdk"
LLVM = "19"
# What libraries and programs are made from, besides src.
SOURCES = (
    ".ci/dist/native.py",
    ".ci/dist/requirements.txt",
    "Cargo.lock",
    "Cargo.toml",
    "askama.toml",
    "build.rs",
    "cbindgen.toml",
)
HEADER = ROOT / "include" / "bandcluster.h"


def build(target: Target) -> None:
    """Puts library, static library and program into the target's folder.

    Nothing is built if the folder was made from the same sources: Cargo itself would compile both
    again, because it keeps one kind of library, and the program needs another.
    """
    built = CARGO_TARGET / target.triple / "dist"
    stamp, made_from = target.folder / "made-from", digest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == made_from:
        return
    stamp.unlink(missing_ok=True)
    target.folder.mkdir(parents=True, exist_ok=True)
    # When Cargo builds the program, it builds the shared library again, with the same name and
    # without link-time optimisation: the first one is copied before.
    (built / "deps" / target.library).unlink(missing_ok=True)
    cargo(target, "--lib", "--crate-type", "cdylib,staticlib")
    for name in (target.library, "libbandcluster.dll.a", "libbandcluster.a"):
        if (built / name).is_file():
            shutil.copy2(built / name, target.folder)
    cargo(target, "--bin", "bandcluster")
    shutil.copy2(built / target.program, target.folder)
    if target.system == "windows":
        import_library_of_msvc(target)
    stamp.write_text(made_from, encoding="ascii")


def digest() -> str:
    """A hash of all that libraries and programs are made from: sources, compiler, linkers."""
    files = [ROOT / name for name in SOURCES]
    files += sorted(path for path in (ROOT / "src").rglob("*") if path.is_file())
    content = hashlib.sha256(run("rustc", "--version").encode())
    for path in files:
        content.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return content.hexdigest()


def cargo(target: Target, *what: str) -> None:
    triple = f"{target.triple}.{GLIBC}" if target.system == "linux" else target.triple
    command = ["cargo-zigbuild" if target.system == "linux" else "cargo", "rustc"]
    command += ["--profile", "dist", "--locked", "--target", triple, *what]
    if target.platform != "linux-x86_64":
        command.append("-Zbuild-std=std,panic_unwind")
    run(*command, RUSTC_BOOTSTRAP=1, CARGO_TARGET_DIR=CARGO_TARGET, **linker(target))


def linker(target: Target) -> "dict[str, str]":
    """The environment variables that set Cargo's linker."""
    variable = f"CARGO_TARGET_{target.triple.upper().replace('-', '_')}"
    # The crate indexmap 1 checks for a standard library before Cargo has built it.
    environment, flags = {}, ["--cfg=has_std"]
    if target.system == "windows":
        environment = {f"{variable}_LINKER": "x86_64-w64-mingw32-gcc"}
    if target.system == "macos":
        make_macos_sdk()
        environment = {
            f"{variable}_LINKER": f"clang-{LLVM}",
            "CARGO_PROFILE_DIST_STRIP": "none",
            "SDKROOT": str(SDK),
        }
        # Rust tells clang the architecture as on a Mac, which clang refuses if it links for Linux.
        # -x removes local symbols, for which Rust would need Apple's strip.
        architecture = target.platform.partition("-")[2]
        arguments = (f"--target={architecture}-apple-macos{MACOS}", "-fuse-ld=lld", "-Wl,-x")
        flags += [f"-Clink-arg={one}" for one in arguments]
    return {**environment, f"{variable}_RUSTFLAGS": " ".join(flags)}


def make_macos_sdk() -> None:
    """Writes the linker's description of macOS: libSystem's symbols, and an unused libiconv."""
    folder = SDK / "usr" / "lib"
    folder.mkdir(parents=True, exist_ok=True)
    # Debian's Python would name a folder of the system if the scheme were not given.
    site = sysconfig.get_path("purelib", "venv", {"base": str(VENV)})
    source = f"{site}/ziglang/lib/libc/darwin/libSystem.tbd"
    with open(source, encoding="utf-8") as file:
        text = file.read()
    # The system's own libraries are for arm64e, which arm64 programs may use. LLVM does not know
    # arm64e.x1.
    text = re.sub(r"\barm64e-macos\b", "arm64-macos", re.sub(r",\s*arm64e\.x1-\w+", "", text))
    for name in ("libSystem.tbd", "libc.tbd", "libm.tbd", "libiconv.tbd"):
        (folder / name).write_text(text, encoding="utf-8")


def import_library_of_msvc(target: Target) -> None:
    """Makes bandcluster.lib, for programs that Microsoft's tools link."""
    lines = ["LIBRARY bandcluster.dll", "EXPORTS", *functions_of_header()]
    definition = target.folder / "bandcluster.def"
    definition.write_text("\n".join(lines) + "\n", encoding="ascii")
    run(
        f"llvm-dlltool-{LLVM}",
        "-m",
        "i386:x86-64",
        "-d",
        definition,
        "-l",
        target.folder / "bandcluster.lib",
    )


def functions_of_header() -> "list[str]":
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", HEADER.read_text(encoding="utf-8"), flags=re.S)
    return sorted(set(re.findall(r"\b(bandcluster_\w+)\s*\(", text)))


def check(target: Target) -> None:
    """Checks a library: exports as in the header, oldest system as promised, its own name."""
    library = target.folder / target.library
    found, wanted = exports(target), functions_of_header()
    if found != wanted:
        raise Failed(
            f"{library} exports other functions than the header:"
            f" {sorted(set(found) ^ set(wanted))[:9]}"
        )
    for file in (library, target.folder / target.program):
        {"linux": check_elf, "macos": check_macho, "windows": check_pe}[target.system](file)


def exports(target: Target) -> "list[str]":
    library = target.folder / target.library
    if target.system == "windows":
        said = run(f"llvm-readobj-{LLVM}", "--coff-exports", library)
        return sorted(re.findall(r"Name: (\S+)", said.partition("Export {")[2]))
    dynamic = ["-D"] if target.system == "linux" else ["--extern-only"]
    said = run(f"llvm-nm-{LLVM}", *dynamic, "--defined-only", "--format=just-symbols", library)
    return sorted(name.split("@")[0].lstrip("_") for name in said.split())


def numbers(version: str) -> "tuple[int, ...]":
    return tuple(int(part) for part in version.split("."))


def check_elf(file) -> None:
    said = run(f"llvm-readelf-{LLVM}", "--version-info", "--dynamic", file)
    newest = max(re.findall(r"GLIBC_([\d.]+)", said), key=numbers)
    if numbers(newest) > numbers(GLIBC):
        raise Failed(f"{file} needs glibc {newest}, but {GLIBC} was promised")
    if file.suffix and f"[libbandcluster.so.{abi_version()}]" not in said:
        raise Failed(f"{file} does not have the soname libbandcluster.so.{abi_version()}")


def check_macho(file) -> None:
    said = run(f"llvm-otool-{LLVM}", "-l", file)
    oldest = re.search(r"LC_BUILD_VERSION.*?minos ([\d.]+)", said, re.S)
    if oldest is None or numbers(oldest[1]) != numbers(MACOS):
        raise Failed(f"{file} is for macOS {oldest and oldest[1]}, but {MACOS} was promised")
    name = f"@rpath/libbandcluster.{abi_version()}.dylib"
    if file.suffix and name not in run(f"llvm-otool-{LLVM}", "-D", file):
        raise Failed(f"{file} does not have the install name {name}")
    needed = set(re.findall(r"name (\S+\.dylib) \(offset", said)) - {name}
    if not all(one.startswith("/usr/lib/") for one in needed):
        raise Failed(f"{file} needs {sorted(needed)}, which are not all libraries of the system")


def check_pe(file) -> None:
    said = run(f"llvm-readobj-{LLVM}", "--coff-imports", file)
    needed = {name.lower() for name in re.findall(r"^  Name: (\S+)", said, re.M)}
    bundled = {name for name in needed if name.startswith(("libgcc", "libwinpthread", "libstdc++"))}
    if bundled:
        raise Failed(f"{file} needs {sorted(bundled)}, which Windows does not have")


def abi_version() -> str:
    return re.search(r"BANDCLUSTER_ABI_VERSION (\d+)", HEADER.read_text(encoding="utf-8"))[1]
