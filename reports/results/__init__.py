"""What is there to report of a round: status, standing, coverage, 附件4 beside the applications, what changed, in which words?"""
