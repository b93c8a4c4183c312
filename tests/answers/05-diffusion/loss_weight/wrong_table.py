# the whole table, t is not looked up
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = (snr.roll(1) - snr) / 2
    return {"x0": w, "eps": w / snr, "v": w * (1 - schedule.alpha_bar)}[predicts]
