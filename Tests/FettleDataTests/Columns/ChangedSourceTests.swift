import FettleCore
import Foundation
import Testing

@testable import FettleData

#if canImport(Glibc)
import Glibc
#endif

/// A loaded file that another program changes.
struct ChangedSourceTests {
    private let folder: TemporaryFolder
    private let path: String
    private let frame: Frame

    init() throws {
        folder = try TemporaryFolder()
        path = try folder.write("text,n\nwarm,1\ncold,2\n", to: "rows.csv")
        frame = try DatasetLoader.load(.path(path)).frame
    }

    /// Puts bytes over those in the file, as an editor that keeps the file would.
    private func overwrite(_ text: String, at place: Int64 = 0, options: Int32 = 0) throws {
        let file = open(path, O_WRONLY | options)
        try #require(file >= 0)
        defer { close(file) }
        #expect(pwrite(file, text, text.utf8.count, off_t(place)) == text.utf8.count)
    }

    private var problem: String? {
        do {
            try frame.checkSources()
            return nil
        } catch {
            return drawn(error)
        }
    }

    private var change: String {
        """
        source-changed: '\(path)' was changed by another program after it was loaded
        hint: load it again: its rows are read from the file, not copied
        """
    }

    @Test func untouchedFileIsAsLoaded() {
        #expect(problem == nil)
    }

    @Test func otherBytesAreNoticedUntilTheyAreBack() throws {
        try overwrite("W", at: 7)
        #expect(problem == change)
        #expect(problem == change)
        try overwrite("w", at: 7)
        #expect(problem == nil)
    }

    @Test func cutFileIsNoticed() {
        truncate(path, 9)
        #expect(problem == change)
    }

    @Test func appendedRowsChangeNothingThatWasLoaded() throws {
        try overwrite("fine,3\n", at: 0, options: O_APPEND)
        #expect(problem == nil)
    }

    @Test func removedOrReplacedFileIsStillThere() throws {
        try folder.write("text,n\nother,1\n", to: "next.csv")
        rename(folder.file("next.csv"), path)
        #expect(problem == nil)
        unlink(path)
        #expect(problem == nil)
        #expect(frame.cell(0, at: 1) == .text("cold"))
    }

    @Test func changedRowsAreNotWrittenToAFile() throws {
        truncate(path, 9)
        let out = folder.file("out.csv")
        do {
            try FrameWriter(format: "csv").write(frame, toFile: out)
            Issue.record("they were written")
        } catch let error as Diagnostic {
            #expect(drawn(error) == change)
        }
        #expect(folder.names == ["rows.csv"])
    }
}
