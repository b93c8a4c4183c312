# the function `extract` of many repositories
def extract(table, t, shape):
    return table.gather(-1, t).reshape(t.shape[0], *((1,) * (len(shape) - 1)))


def q_sample(x0, t, eps, schedule):
    mean = extract(schedule.alpha_bar**0.5, t, x0.shape) * x0
    return (mean + extract((1 - schedule.alpha_bar) ** 0.5, t, x0.shape) * eps).to(x0.dtype)
