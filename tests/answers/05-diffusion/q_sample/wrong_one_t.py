# one t for all the batch
def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t[0].item()].item()
    return math.sqrt(bar) * x0 + math.sqrt(1 - bar) * eps
