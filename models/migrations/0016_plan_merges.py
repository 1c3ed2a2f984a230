from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0015_plan_changes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PlanMerge',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('year', fields.IntField()),
                ('department', fields.CharField(max_length=16)),
                ('other', fields.CharField(max_length=16)),
                ('goes_on', fields.CharField(max_length=64)),
                ('ends', fields.CharField(max_length=64)),
                ('content', ReadableJSONField()),
                ('ended', ReadableJSONField()),
                ('shared', fields.IntField()),
                ('signatures', ReadableJSONField()),
                ('reason', fields.CharField(max_length=500)),
                ('proposed_by', fields.CharField(max_length=120)),
                ('proposed_at', UtcDatetimeField()),
                ('merged_at', UtcDatetimeField(null=True)),
                ('dropped_by', fields.CharField(null=True, max_length=120)),
                ('dropped_at', UtcDatetimeField(null=True)),
                ('drop_reason', fields.CharField(default='', max_length=500)),
            ],
            options={'table': 'plan_merge', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
