"""`python -m resnet_studio` is `resnet-studio`."""

from resnet_studio.cli import main

if __name__ == "__main__":
    main()
