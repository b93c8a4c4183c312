# one t for all the batch
def predict_x0(xt, t, eps, schedule):
    bar = schedule.alpha_bar[t.max()].item()
    return (xt - (1 - bar) ** 0.5 * eps) / bar**0.5
