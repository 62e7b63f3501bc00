import FettleCore
import Testing

struct JobLifecycleTests {
    /// State by state, the state after each event in the order of `Event.allCases`; nil: refused.
    private static let table: [(JobLifecycle, [JobLifecycle?])] = [
        // start, progress, pause, cancelRequested, cancelled, fail, succeed, processLost, resume
        (
            .queued,
            [.running, nil, .paused, .cancelled, .cancelled, .failed, nil, .interrupted, nil]
        ),
        (
            .running,
            [
                nil, .running, .paused, .cancelling, .cancelled, .failed, .succeeded, .interrupted,
                nil,
            ]
        ),
        (
            .cancelling,
            [
                nil, .cancelling, nil, .cancelling, .cancelled, .failed, .succeeded, .cancelled,
                nil,
            ]
        ),
        (.paused, [nil, nil, nil, .cancelled, .cancelled, .failed, nil, .paused, .queued]),
        (.interrupted, [nil, nil, nil, .cancelled, nil, nil, nil, .interrupted, .queued]),
        (.succeeded, [nil, nil, nil, nil, nil, nil, nil, .succeeded, nil]),
        (.failed, [nil, nil, nil, nil, nil, nil, nil, .failed, .queued]),
        (.cancelled, [nil, nil, nil, nil, nil, nil, nil, .cancelled, .queued]),
    ]

    @Test func everyEventInEveryStateLeadsWhereTheTableSays() {
        #expect(Self.table.map(\.0) == JobLifecycle.allCases)
        for (state, row) in Self.table {
            #expect(row.count == JobLifecycle.Event.allCases.count)
            for (event, expected) in zip(JobLifecycle.Event.allCases, row) {
                do {
                    #expect(try state.after(event) == expected, "\(event) in \(state)")
                } catch {
                    #expect(expected == nil, "\(event) in \(state) is refused")
                    #expect(error == JobRefusal(state: state, event: event))
                }
            }
        }
    }

    @Test func statusesAndStatesStandForEachOther() {
        for status in JobStatus.allCases { #expect(JobLifecycle(status).status == status) }
        #expect(JobLifecycle.cancelling.status == .running)
        #expect(
            JobStatus.allCases.map(\.rawValue) == [
                "queued", "running", "succeeded", "failed", "cancelled", "paused", "interrupted",
            ]
        )
        #expect(JobStatus.allCases.filter(\.isActive) == [.queued, .running])
        #expect(JobStatus.allCases.filter(\.isFinal) == [.succeeded, .failed, .cancelled])
    }

    @Test func killedJobIsMarkedAndResumed() throws {
        var job = JobLifecycle.queued
        for event: JobLifecycle.Event in [.start, .progress, .processLost] {
            job = try job.after(event)
        }
        #expect(job.status == .interrupted)
        for event: JobLifecycle.Event in [.resume, .start, .progress, .succeed] {
            job = try job.after(event)
        }
        #expect(job.status == .succeeded)
    }

    @Test func refusalsSayWhyAndWhatToDo() {
        func text(_ state: JobLifecycle, _ event: JobLifecycle.Event) -> String {
            let said = JobRefusal(state: state, event: event).diagnostic(job: "ftjob-1")
            return ([said.code, said.message] + said.hints).joined(separator: " | ")
        }
        #expect(
            text(.succeeded, .resume)
                == "job-state | job ftjob-1 has succeeded, so it cannot be resumed"
                + " | to train more, tune the model that it made"
        )
        #expect(
            text(.running, .resume)
                == "job-state | job ftjob-1 is running, so it cannot be resumed"
                + " | follow it with 'watch ftjob-1'"
        )
        #expect(
            text(.cancelled, .cancelRequested)
                == "job-state | job ftjob-1 was cancelled, so nothing is left to cancel"
        )
        #expect(
            text(.interrupted, .pause)
                == "job-state | job ftjob-1 was interrupted: its process is gone"
                + ", so it cannot be paused | go on with 'resume ftjob-1'"
        )
        #expect(
            text(.cancelling, .pause)
                == "job-state | job ftjob-1 is being cancelled, so it cannot be paused"
                + " | wait for it with 'wait ftjob-1'"
        )
    }
}
