from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField

class Migration(migrations.Migration):
    dependencies = [('models', '0003_left_out')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Question',
            name='items',
            field=ReadableJSONField(null=True),
        ),
    ]
