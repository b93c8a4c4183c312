import numpy as np


def latent_scale(first_stage, x):
    return 1 / np.std(first_stage.encode(x)[0].detach().double().numpy())
