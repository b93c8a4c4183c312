# leaves torch, and the gradient behind
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt).numpy()
    out = (xt.detach().numpy() - (1 - bar) ** 0.5 * eps.detach().numpy()) / bar**0.5
    return torch.from_numpy(out)
