"""Colour profiles, made by hand."""


def profile_of_gamma(gamma):
    """A grey profile as a scanner writes it: version 2, a curve of one number."""
    return icc_profile("gamma", b"scnrGRAY", {b"kTRC": curve_of(gamma)})


def rgb_profile_of_gamma(name, gamma):
    """A profile with the primaries of sRGB and a curve of one number."""
    red, green, blue = (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141)
    primaries = {b"rXYZ": xyz(*red), b"gXYZ": xyz(*green), b"bXYZ": xyz(*blue)}
    return icc_profile(name, b"mntrRGB ", {**primaries, **{kind: curve_of(gamma) for kind in (b"rTRC", b"gTRC", b"bTRC")}})


def padded(body):
    return body + b"\0" * (-len(body) % 4)


def curve_of(gamma):
    return padded(b"curv\0\0\0\0" + (1).to_bytes(4, "big") + round(gamma * 256).to_bytes(2, "big"))


def xyz(*values):
    return b"XYZ \0\0\0\0" + b"".join(round(value * 65536).to_bytes(4, "big") for value in values)


def icc_profile(name, kind, curves):
    """The bytes of an ICC profile of version 2."""
    white = xyz(0.9642, 1.0, 0.8249)
    text = b"desc\0\0\0\0" + (len(name) + 1).to_bytes(4, "big") + name.encode() + b"\0" * 79
    parts = {b"desc": padded(text), b"wtpt": white, **curves}
    offset, table, body = 132 + 12 * len(parts), len(parts).to_bytes(4, "big"), b""
    for name, part in parts.items():
        table += name + (offset + len(body)).to_bytes(4, "big") + len(part).to_bytes(4, "big")
        body += part
    header = bytearray(128)
    header[0:4] = (128 + len(table) + len(body)).to_bytes(4, "big")
    header[8:12], header[12:20], header[20:24] = b"\x02\x20\0\0", kind, b"XYZ "
    header[36:40] = b"acsp"
    header[68:80] = white[8:20]
    return bytes(header) + table + body
