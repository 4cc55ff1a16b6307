"""What the server keeps and shares out: caches, results, the run queue, jobs and workers."""
