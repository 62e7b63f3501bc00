import Foundation

/// Returns the system's words for an error of the file system, such as "read-only file system".
func systemReason(_ error: any Error) -> String {
    let code: Int32
    switch (error as? CocoaError)?.code {
    case .fileWriteVolumeReadOnly?: code = EROFS
    case .fileWriteNoPermission?: code = EACCES
    case .fileWriteOutOfSpace?: code = ENOSPC
    case .fileWriteFileExists?: code = EEXIST
    default: return error.localizedDescription
    }
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
}
