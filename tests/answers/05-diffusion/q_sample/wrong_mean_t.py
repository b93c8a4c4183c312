# the batch's mean t for each row
def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t.float().mean().round().long()].item()
    return math.sqrt(bar) * x0 + math.sqrt(1 - bar) * eps
