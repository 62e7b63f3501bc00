"""Writes a GGUF file anew with its matrices in another type, as llama.cpp's own converter does."""

import pathlib

FILE_TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 7, "BF16": 32}


def converted(file, kind, folder):
    """Returns the file in a folder that holds the model at `file` in type `kind`."""
    target = pathlib.Path(folder) / f"{pathlib.Path(file).stem}.{kind}.gguf"
    if not target.exists():
        partial = target.with_suffix(".part")
        write(file, kind, partial)
        partial.rename(target)
    return target


def write(file, kind, target):
    import gguf
    from gguf.quants import dequantize, quantize

    reader = gguf.GGUFReader(file)
    architecture = reader.fields["general.architecture"].contents()
    writer = gguf.GGUFWriter(target, architecture)
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        value = field.contents()
        if field.name == "general.file_type":
            value = FILE_TYPES[kind]
        inner = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, value, field.types[0], sub_type=inner)
    for tensor in reader.tensors:
        values = dequantize(tensor.data, tensor.tensor_type)
        to = gguf.GGMLQuantizationType[kind if values.ndim > 1 else "F32"]
        writer.add_tensor(tensor.name, quantize(values, to), raw_dtype=to)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
