# right for images alone
def predict_x0(xt, t, eps, schedule):
    bar = schedule.alpha_bar[t][:, None, None, None].to(xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
