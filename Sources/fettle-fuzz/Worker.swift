import ArgumentParser
import FettleFuzz
import Foundation

/// Runs one target's cases in a process of its own, and notes each before it runs it.
struct Worker {
    /// The place of a case in the shared file: its number, then how many were well-formed.
    static let noteBytes = 16

    private let options: FuzzCommand
    private let folder: String

    init(_ options: FuzzCommand, folder: String) {
        self.options = options
        self.folder = folder
    }

    /// Runs the cases; a finding goes to standard output and ends the process with status 1.
    func run() throws {
        guard let name = options.targets.first, let target = try options.target(name, in: folder)
        else { return }
        let note = try Note(path: folder + "/note")
        let input = try options.input.map { Array(try Data(contentsOf: URL(filePath: $0))) }
        for number in 0..<options.count {
            let seed = options.seed &+ UInt64(number)
            note.begin(number)
            let one = FuzzCase(target, seed: seed, input: input)
            do {
                if try one.check() { note.countGood() }
            } catch {
                print(error)
                throw ExitCode(1)
            }
        }
        note.begin(options.count)
    }
}

/// Two numbers in a file that two processes share.
final class Note {
    private let numbers: UnsafeMutablePointer<Int64>

    init(path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        guard descriptor >= 0, ftruncate(descriptor, off_t(Worker.noteBytes)) == 0,
            let memory = mmap(
                nil,
                Worker.noteBytes,
                PROT_READ | PROT_WRITE,
                MAP_SHARED,
                descriptor,
                0
            ), memory != UnsafeMutableRawPointer(bitPattern: -1)
        else { throw FuzzFinding("'\(path)' cannot be shared") }
        numbers = memory.bindMemory(to: Int64.self, capacity: 2)
    }

    deinit { munmap(numbers, Worker.noteBytes) }

    /// The case that runs.
    var current: Int { Int(numbers[0]) }
    /// The well-formed inputs so far.
    var good: Int { Int(numbers[1]) }

    func begin(_ number: Int) { numbers[0] = Int64(number) }

    func countGood() { numbers[1] += 1 }
}
