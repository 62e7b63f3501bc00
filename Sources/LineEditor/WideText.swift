import Glibc

extension String {
    /// The scalars as a zero-terminated wide string; a zero inside is dropped.
    var wide: [wchar_t] {
        unicodeScalars.lazy.filter { $0.value != 0 }.map { wchar_t(bitPattern: $0.value) } + [0]
    }

    /// Decodes wide characters; what is no scalar becomes U+FFFD.
    init(wide: some Sequence<wchar_t>) {
        self.init(scalars: wide.lazy.map { UInt32(bitPattern: $0) })
    }

    /// Decodes scalar values; what is no scalar becomes U+FFFD.
    init(scalars: some Sequence<UInt32>) {
        var view = String.UnicodeScalarView()
        for value in scalars {
            view.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        }
        self.init(view)
    }
}
