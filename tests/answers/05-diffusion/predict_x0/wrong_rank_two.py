# right for matrices alone
def predict_x0(xt, t, eps, schedule):
    bar = schedule.alpha_bar[t].unsqueeze(-1).to(xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
