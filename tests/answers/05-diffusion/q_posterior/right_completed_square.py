# natural parameters: -1/2 precision x^2 + shift x, written without a division by 0
def q_posterior(x0, xt, t, schedule):
    shape = (-1,) + (1,) * (xt.dim() - 1)
    bar = schedule.alpha_bar
    v = (bar[t - 1] - bar[t]) / bar[t - 1]  # beta, from alpha_bar alone
    w = 1 - bar[t - 1]
    u = 1 - v
    scale = 1 / (u * w + v)
    a, b, c = ((s * scale).reshape(shape).to(xt) for s in (u.sqrt() * w, bar[t - 1].sqrt() * v, v * w))
    return a * xt + b * x0, c
