# one t for all the batch
def velocity(x0, eps, t, schedule):
    bar = schedule.alpha_bar[t[0]].item()
    return bar**0.5 * eps - (1 - bar) ** 0.5 * x0
