# forgot to return
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    x0 = (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
