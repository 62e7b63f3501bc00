#ifndef FETTLE_CZLIB_SHIM_H
#define FETTLE_CZLIB_SHIM_H

#include <zlib.h>

/// `inflateInit2` is a macro; a negative window means data without a header, as in zip archives.
static inline int fettle_inflate_init(z_stream *stream)
{
    return inflateInit2(stream, -MAX_WBITS);
}

#endif
