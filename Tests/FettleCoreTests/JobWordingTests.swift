import FettleCore
import Testing

struct JobWordingTests {
    @Test func theOldAPIAndTheShellShareTheirWords() {
        for wording in [JobWording.shell, .legacy] {
            #expect(wording.created("ft-1") == "Created fine-tune: ft-1")
            #expect(wording.started == "Fine-tune started")
            #expect(wording.made("m") == "Uploaded model: m")
            #expect(wording.failed("x") == "Fine-tune failed: x")
        }
        #expect(JobWording.legacy.completed(epoch: 1, of: 4) == "Completed epoch 1/4")
        #expect(JobWording.shell.completed(epoch: 1, of: 4) == nil)
        #expect(JobWording.shell.succeeded(resultFile: "f").isEmpty)
        #expect(
            JobWording.legacy.succeeded(resultFile: "f")
                == ["Uploaded result file: f", "Fine-tune succeeded"]
        )
    }

    @Test func theNewAPIHasItsOwn() {
        let wording = JobWording.modern
        #expect(wording.created("ftjob-1") == "Created fine-tuning job: ftjob-1")
        #expect(wording.queued(behind: 3) == "Files validated, moving job to queued state")
        #expect(wording.queuedAgain(behind: 3) == "Fine-tuning job queued again")
        #expect(wording.started == "Fine-tuning job started")
        #expect(wording.made("m") == "New fine-tuned model created: m")
        #expect(wording.succeeded(resultFile: "f") == ["The job has successfully completed"])
        #expect(wording.movedUp(behind: 1) == nil)
        #expect(wording.completed(epoch: 1, of: 4) == nil)
    }
}
