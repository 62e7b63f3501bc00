import Testing

@testable import FettleProviders

struct RayWordsTests {
    @Test(
        arguments: [
            ("", "", nil),
            ("Job none does not exist", "Job none does not exist", nil),
            (
                "Unauthorized: Missing authentication token",
                "Unauthorized: Missing authentication token", nil
            ),
            (
                "500 Internal Server Error\n\nServer got itself in trouble",
                "Server got itself in trouble", nil
            ),
            ("<html>\n<h1>502 Bad Gateway</h1></html>", "", nil),
            (
                "Traceback (most recent call last):\n  File \"/opt/ray/common.py\", line 445, in validate\n"
                    + "    return request_type(**json_data)\n           ^^^^^^\n"
                    + "TypeError: JobSubmitRequest.__init__() missing 1 required positional argument: 'entrypoint'\n",
                "JobSubmitRequest.__init__() missing 1 required positional argument: 'entrypoint'",
                "common.py:445, in validate"
            ),
            (
                "Traceback (most recent call last):\n  File \"/a/job_head.py\", line 134, in _raise_error\n    raise\n"
                    + "RuntimeError: Request failed with status code 400: Traceback (most recent call last):\n"
                    + "  File \"/a/job_manager.py\", line 553, in submit_job\n    raise ValueError(\n"
                    + "ValueError: Job with submission_id ft-1 already exists. Please use a different submission_id.\n.\n",
                "Job with submission_id ft-1 already exists. Please use a different submission_id",
                "job_manager.py:553, in submit_job"
            ),
            (
                "Traceback (most recent call last):\nray.exceptions.GetTimeoutError: late", "late",
                nil
            ),
            ("KeyError: ", "KeyError:", nil),
        ] as [(String, String, String?)]
    )
    func lastLineIsTheSentence(text: String, sentence: String, place: String?) {
        let words = RayWords(text)
        #expect(words.sentence == sentence)
        #expect(words.place == place)
    }
}
