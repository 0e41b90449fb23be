"""The benchmarks behind `resnet-studio bench`: what is timed, against what, the table."""
