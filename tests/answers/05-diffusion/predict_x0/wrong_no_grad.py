# no gradient reaches eps
@torch.no_grad()
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
