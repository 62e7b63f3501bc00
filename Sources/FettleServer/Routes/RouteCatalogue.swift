/// The routes there are.
///
/// To add some, write a file with an enum like ``HealthRoutes`` and name its `all` here.
enum RouteCatalogue {
    static let all: [Route] =
        HealthRoutes.all + FileRoutes.all + ModelRoutes.all + FineTunesRoutes.all
        + FineTuningJobsRoutes.all + CompletionRoutes.all + ChatRoutes.all + FeedbackRoutes.all
        + StatusRoutes.all
        + DocumentRoutes.all
}
