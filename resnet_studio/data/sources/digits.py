"""The embedded digits: 1,797 grey images of 8x8 pixels, in the program itself and so always there.

They are the test images of E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
Repository, 1998, doi:10.24432/C50P49, licence CC BY 4.0, as scikit-learn's `load_digits` distributes them, with the
grey values 0 to 16 rescaled to 0 to 255. The file itself carries licence and citation.
"""

import numpy as np

from resnet_studio.data.sources.source import TRAIN, Part, Source, catalogued
from resnet_studio.spec.assets import asset


def digits() -> Source:
    """Return the digits: one part, from which validation and test images are to be held out."""
    with np.load(asset("digits.npz"), allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    return catalogued("digits", {TRAIN: Part.of_array(images[..., np.newaxis], labels.astype(np.int64))})
