# as the original code does it: a table of its own for the step before
import torch.nn.functional as F


def q_posterior(x0, xt, t, schedule):
    previous = F.pad(schedule.alpha_bar[:-1], (1, 0), value=1.0)
    rest = 1 - schedule.alpha_bar
    a = (previous.sqrt() * schedule.beta / rest)[t]
    b = (schedule.alpha.sqrt() * (1 - previous) / rest)[t]
    var = schedule.beta_tilde[t]
    shape = (len(t),) + (1,) * (xt.dim() - 1)
    a, b, var = (c.reshape(shape).to(xt.dtype) for c in (a, b, var))
    return a * x0 + b * xt, var
