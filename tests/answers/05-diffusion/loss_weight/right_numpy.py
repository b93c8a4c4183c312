import numpy as np


def loss_weight(t, schedule, predicts="eps"):
    bar, k = schedule.alpha_bar.numpy(), t.numpy()
    w = (bar[k - 1] - bar[k]) / (2 * (1 - bar[k - 1]) * (1 - bar[k]))
    w = w * {"x0": 1.0, "v": 1 - bar[k], "eps": (1 - bar[k]) / bar[k]}[predicts]
    return torch.from_numpy(np.asarray(w))
